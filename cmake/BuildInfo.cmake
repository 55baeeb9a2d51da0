# theriac::build_info: version, commit, compiler and flags, in a library of its own.
# The commit is asked for at every build; a new answer recompiles one small file and links again, nothing else.
if(CMAKE_SCRIPT_MODE_FILE)
  find_package(Git QUIET)
  set(COMMIT "")
  set(DIRTY false)
  if(GIT_FOUND)
    execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE_DIR} rev-parse HEAD
                    OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE_DIR} status --porcelain --untracked-files=no
                    OUTPUT_VARIABLE _changes OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(_changes)
      set(DIRTY true)
    endif()
  endif()
  configure_file(${INPUT} ${OUTPUT} @ONLY) # writes only when the content changes
  return()
endif()

set(THERIAC_BUILD_INFO_CPP ${PROJECT_BINARY_DIR}/generated/build_info.cpp)
string(TOUPPER "${CMAKE_BUILD_TYPE}" _type)
string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${_type}}" THERIAC_FLAGS)
set(COMMIT @COMMIT@)
set(DIRTY @DIRTY@)
configure_file(${CMAKE_CURRENT_LIST_DIR}/build_info.cpp.in ${PROJECT_BINARY_DIR}/generated/build_info.cpp.in @ONLY)
add_custom_target(theriac_commit
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DINPUT=${PROJECT_BINARY_DIR}/generated/build_info.cpp.in
            -DOUTPUT=${THERIAC_BUILD_INFO_CPP} -P ${CMAKE_CURRENT_LIST_FILE}
    BYPRODUCTS ${THERIAC_BUILD_INFO_CPP}
    COMMENT "Asking git for the commit")

add_library(theriac_build_info STATIC ${THERIAC_BUILD_INFO_CPP})
add_library(theriac::build_info ALIAS theriac_build_info)
add_dependencies(theriac_build_info theriac_commit)
target_include_directories(theriac_build_info PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(theriac_build_info PROPERTIES EXPORT_NAME build_info)
install(TARGETS theriac_build_info EXPORT theriacTargets)
