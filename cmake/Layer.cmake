# theriac_layer(<name> [NEEDS <layers>] [TORCH] [LINK <targets>] [PRIVATE <targets>])
#   One folder of src/ as the static library theriac_<name>, alias theriac::<name>, from src/<name>/*.cpp.
#   NEEDS    the layers that it may include: the one statement of that rule (scripts/check_layers.py reads it here)
#   TORCH    uses LibTorch, and the shared precompiled header
#   LINK     third parties that its headers show; PRIVATE those that stay inside its .cpp files
# A layer without sources is an interface library.
if(THERIAC_PCH AND NOT TARGET theriac_pch)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/pch.cpp CONTENT "")
  add_library(theriac_pch OBJECT ${PROJECT_BINARY_DIR}/generated/pch.cpp)
  target_link_libraries(theriac_pch PRIVATE libtorch::cpu fmt::fmt)
  theriac_flags(theriac_pch)
  target_precompile_headers(theriac_pch PRIVATE
      <torch/types.h> <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <optional>
      <span> <string> <string_view> <unordered_map> <utility> <vector>)
endif()

# theriac_use_torch(<target>): LibTorch and, if wanted, the precompiled header. Position-independent code stays at the
# compiler's default for all targets: where it differs between two of them, g++ silently ignores the header.
function(theriac_use_torch target)
  if(THERIAC_PCH)
    target_precompile_headers(${target} REUSE_FROM theriac_pch)
  endif()
endfunction()

# theriac_unity(<target>): compiles several files at once where THERIAC_UNITY says so; most of a file's time is its headers.
function(theriac_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${THERIAC_UNITY} UNITY_BUILD_BATCH_SIZE 8)
  if(THERIAC_UNITY)
    # GCC gives it for what is not in the file it was called with, which no source file is here.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

function(theriac_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH" "" "NEEDS;LINK;PRIVATE")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "theriac_layer(${name}): unexpected ${arg_UNPARSED_ARGUMENTS}")
  endif()
  list(TRANSFORM arg_NEEDS PREPEND theriac::)
  if(arg_TORCH)
    list(APPEND arg_LINK libtorch::cpu)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  set(target theriac_${name})
  if(sources)
    set(scope PUBLIC)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} PRIVATE ${arg_PRIVATE})
    theriac_flags(${target})
    theriac_unity(${target})
    if(arg_TORCH)
      theriac_use_torch(${target})
    endif()
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  add_library(theriac::${name} ALIAS ${target})
  target_include_directories(${target} ${scope}
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${target} ${scope} cxx_std_20)
  target_link_libraries(${target} ${scope} ${arg_NEEDS} ${arg_LINK})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS ${target} EXPORT theriacTargets)

  set_property(GLOBAL APPEND PROPERTY THERIAC_LAYERS ${name})
  set_property(GLOBAL PROPERTY THERIAC_TORCH_${name} ${arg_TORCH})
endfunction()
