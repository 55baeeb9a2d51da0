# Tools that make builds quicker where they are installed: ccache for compiling, mold for linking.
# ccache needs the two sloppiness settings and -fpch-preprocess to work with a precompiled header.
find_program(CCACHE ccache)
find_program(MOLD mold)
mark_as_advanced(CCACHE MOLD)

if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  add_compile_options(-fpch-preprocess)
endif()

if(MOLD AND PROJECT_IS_TOP_LEVEL)
  add_link_options(-fuse-ld=mold)
endif()
