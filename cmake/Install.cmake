# cmake --install, and find_package(theriac) for other projects.
include(CMakePackageConfigHelpers)
set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/theriac)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/theriac DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT theriacTargets NAMESPACE theriac:: DESTINATION ${_package})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/theriacConfig.cmake.in ${PROJECT_BINARY_DIR}/theriacConfig.cmake
    INSTALL_DESTINATION ${_package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/theriacConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/theriacConfig.cmake ${PROJECT_BINARY_DIR}/theriacConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/LibTorch.cmake ${CMAKE_CURRENT_LIST_DIR}/Dependencies.cmake
        DESTINATION ${_package})
