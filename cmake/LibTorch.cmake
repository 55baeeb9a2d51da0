# LibTorch as imported targets, straight from the directory of the Python wheel (torch/include, torch/lib):
#   libtorch::cpu   what every layer that uses tensors links; needs no CUDA toolkit and no GPU
# A CUDA build of LibTorch keeps its GPU part in libtorch_cuda.so, which the program loads when it is there.
# The wheel's own TorchConfig.cmake is not used: for a CUDA wheel it insists on a CUDA toolkit.
set(THERIAC_TORCH_VERSION 2.11.0)

if(NOT THERIAC_TORCH)
  if(DEFINED ENV{XDG_CACHE_HOME})
    set(_cache $ENV{XDG_CACHE_HOME})
  else()
    set(_cache $ENV{HOME}/.cache)
  endif()
  set(THERIAC_TORCH ${_cache}/theriac/libtorch-${THERIAC_TORCH_VERSION}/torch)
endif()

if(NOT EXISTS ${THERIAC_TORCH}/lib/libtorch_cpu.so OR NOT EXISTS ${THERIAC_TORCH}/include/ATen/ATen.h)
  message(FATAL_ERROR "LibTorch: nothing usable in ${THERIAC_TORCH} (expected include/ and lib/). "
                      "Run scripts/setup.sh, or pass -DTHERIAC_TORCH=DIR.")
endif()

set(THERIAC_TORCH_FOUND_VERSION "unknown")
file(GLOB _headers ${THERIAC_TORCH}/include/torch/headeronly/version.h ${THERIAC_TORCH}/include/torch/csrc/api/include/torch/version.h)
foreach(_header IN LISTS _headers)
  file(STRINGS ${_header} _lines REGEX "^#define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
  if(_lines)
    string(REGEX MATCHALL "[0-9]+" _numbers "${_lines}")
    list(JOIN _numbers "." THERIAC_TORCH_FOUND_VERSION)
  endif()
endforeach()
if(NOT THERIAC_TORCH_FOUND_VERSION VERSION_EQUAL THERIAC_TORCH_VERSION)
  message(WARNING "LibTorch: written for ${THERIAC_TORCH_VERSION}, found ${THERIAC_TORCH_FOUND_VERSION}")
endif()

if(NOT TARGET libtorch::cpu)
  add_library(libtorch::c10 SHARED IMPORTED)
  set_target_properties(libtorch::c10 PROPERTIES IMPORTED_LOCATION ${THERIAC_TORCH}/lib/libc10.so)
  add_library(libtorch::cpu SHARED IMPORTED)
  set_target_properties(libtorch::cpu PROPERTIES IMPORTED_LOCATION ${THERIAC_TORCH}/lib/libtorch_cpu.so)
  target_link_libraries(libtorch::cpu INTERFACE libtorch::c10)
  # After the system's headers: the wheel carries copies of fmt, protobuf and others that must not win.
  target_compile_options(libtorch::cpu INTERFACE
      "SHELL:-idirafter ${THERIAC_TORCH}/include"
      "SHELL:-idirafter ${THERIAC_TORCH}/include/torch/csrc/api/include")
  # The wheel finds libcudart and libcupti through its own RPATH at run time; the linker need not.
  target_link_options(libtorch::cpu INTERFACE -Wl,--allow-shlib-undefined -Wl,--unresolved-symbols=ignore-in-shared-libs)
endif()
