# cpack: theriac-<version>-linux-x86_64.tar.gz, which runs wherever it is unpacked, without LibTorch, OpenCV or any package installed:
#   bin/ libexec/   launcher and program
#   lib/theriac/    every shared library that is not the C library's, found by the program's DT_RPATH
#   share/theriac/  configs/, fonts, licences of everything
# It is the install component "bundle", which a plain cmake --install leaves out.
set(fonts /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf
          /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf /usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf)

# DT_RPATH, unlike DT_RUNPATH, also serves the libraries that libraries need.
target_link_options(theriac_program PRIVATE -Wl,--disable-new-dtags)
set_target_properties(theriac_program PROPERTIES INSTALL_RPATH "$ORIGIN/../../lib/theriac")

set(bundle COMPONENT bundle EXCLUDE_FROM_ALL)
install(PROGRAMS $<TARGET_FILE:theriac> DESTINATION bin ${bundle})
install(PROGRAMS $<TARGET_FILE:theriac_program> DESTINATION libexec/theriac ${bundle})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs DESTINATION share/theriac ${bundle})
install(FILES ${fonts} DESTINATION share/theriac/fonts ${bundle})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/theriac/licences RENAME theriac ${bundle})
install(CODE "
  set(program \"$<TARGET_FILE:theriac_program>\")
  set(torch \"${THERIAC_TORCH}\")
  set(downloads \"${THERIAC_TORCH}/../../downloads\")
  set(fonts \"${fonts}\")
  include(\"${CMAKE_CURRENT_LIST_DIR}/BundleLibraries.cmake\")" ${bundle})

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_FILE_NAME theriac-${PROJECT_VERSION}-linux-x86_64)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};theriac;bundle;/")
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
