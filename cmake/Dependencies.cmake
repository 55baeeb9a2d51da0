# Everything that the Linux distribution supplies, as targets. Nothing is downloaded.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(Freetype REQUIRED)
find_package(JPEG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)

# external::yaml_cpp: Debian's package names its target without a namespace.
if(NOT TARGET external::yaml_cpp)
  add_library(external::yaml_cpp INTERFACE IMPORTED)
  target_link_libraries(external::yaml_cpp INTERFACE yaml-cpp)
  target_include_directories(external::yaml_cpp SYSTEM INTERFACE ${YAML_CPP_INCLUDE_DIR})
endif()

# external::opencv: core, imgproc and imgcodecs only; OpenCV's own package file would want all of its modules installed.
find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
if(NOT TARGET external::opencv)
  add_library(external::opencv INTERFACE IMPORTED)
  target_include_directories(external::opencv SYSTEM INTERFACE ${OPENCV_INCLUDE})
  foreach(module IN ITEMS core imgproc imgcodecs)
    find_library(OPENCV_${module} opencv_${module} REQUIRED)
    target_link_libraries(external::opencv INTERFACE ${OPENCV_${module}})
    mark_as_advanced(OPENCV_${module})
  endforeach()
endif()
file(STRINGS ${OPENCV_INCLUDE}/opencv2/core/version.hpp _lines REGEX "#define CV_VERSION_(MAJOR|MINOR|REVISION) ")
string(REGEX MATCHALL "[0-9]+" _numbers "${_lines}")
list(JOIN _numbers "." OPENCV_VERSION)

# external::sentencepiece
find_package(PkgConfig REQUIRED)
pkg_check_modules(SENTENCEPIECE REQUIRED QUIET IMPORTED_TARGET sentencepiece)
if(NOT TARGET external::sentencepiece)
  add_library(external::sentencepiece INTERFACE IMPORTED)
  target_link_libraries(external::sentencepiece INTERFACE PkgConfig::SENTENCEPIECE)
endif()

if(THERIAC_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()

message(STATUS "LibTorch ${THERIAC_TORCH_FOUND_VERSION} (${THERIAC_TORCH})")
message(STATUS "OpenCV ${OPENCV_VERSION} | SentencePiece ${SENTENCEPIECE_VERSION} | FreeType ${FREETYPE_VERSION_STRING} | "
               "JPEG ${JPEG_VERSION} | OpenSSL ${OPENSSL_VERSION}")
message(STATUS "fmt ${fmt_VERSION} | spdlog ${spdlog_VERSION} | JSON ${nlohmann_json_VERSION} | CLI11 ${CLI11_VERSION} | "
               "yaml-cpp ${yaml-cpp_VERSION} | GoogleTest ${GTest_VERSION} | Benchmark ${benchmark_VERSION}")
