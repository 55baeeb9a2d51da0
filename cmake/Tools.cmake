# Tools that make builds quicker where they are installed: ccache for compiling, mold for linking.
# The sloppiness settings and -fpch-preprocess let ccache work with a precompiled header; the other two let build folders that
# lie at the same depth share results, also those of different checkouts.
find_program(CCACHE ccache)
find_program(MOLD mold)
mark_as_advanced(CCACHE MOLD)

if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=/ CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  add_compile_options(-fpch-preprocess)
endif()

if(MOLD AND PROJECT_IS_TOP_LEVEL)
  add_link_options(-fuse-ld=mold)
endif()
