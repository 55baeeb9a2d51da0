# Run while the bundle is made: libraries of `program` into lib/theriac, licences of their packages into share/theriac/licences.
set(prefix "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
set(licences "${prefix}/share/theriac/licences")

# The C library stays the machine's own: it belongs to its kernel, names and locales.
file(GET_RUNTIME_DEPENDENCIES
  EXECUTABLES "${program}"
  DIRECTORIES "${torch}/lib"
  PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|pthread|rt|util|resolv|nsl|anl|mvec)\\.so"
  RESOLVED_DEPENDENCIES_VAR libraries
  UNRESOLVED_DEPENDENCIES_VAR missing
  CONFLICTING_DEPENDENCIES_PREFIX twice)
if(missing)
  message(FATAL_ERROR "bundle: libraries that are not on this machine: ${missing}")
endif()
foreach(name IN LISTS twice_FILENAMES) # LibTorch's own copy is the one that is loaded first
  set(copies ${twice_${name}})
  set(chosen ${copies})
  list(FILTER chosen INCLUDE REGEX "/torch/lib/")
  list(APPEND chosen ${copies})
  list(GET chosen 0 first)
  list(APPEND libraries "${first}")
endforeach()

set(owned "")
foreach(library IN LISTS libraries)
  get_filename_component(name "${library}" NAME)
  file(REAL_PATH "${library}" file)
  message(STATUS "Installing: ${prefix}/lib/theriac/${name}")
  file(MAKE_DIRECTORY "${prefix}/lib/theriac")
  file(COPY_FILE "${file}" "${prefix}/lib/theriac/${name}")
  if(NOT library MATCHES "/(torch|nvidia/[^/]*)/lib/")
    list(APPEND owned "${file}")
  endif()
endforeach()
file(RPATH_SET FILE "${prefix}/libexec/theriac/theriac" NEW_RPATH "$ORIGIN/../../lib/theriac")

# Each licence has to be there: a package without one ends the bundle.
foreach(file IN LISTS owned fonts)
  set(found "")
  string(REGEX REPLACE "^/usr/lib/" "/lib/" other "${file}") # where /lib is a link, packages name either
  foreach(path IN ITEMS "${file}" "${other}")
    if(NOT found)
      execute_process(COMMAND dpkg-query --search "${path}" OUTPUT_VARIABLE found ERROR_QUIET)
    endif()
  endforeach()
  string(REGEX REPLACE "[:,].*" "" package "${found}")
  if(NOT package OR NOT EXISTS "/usr/share/doc/${package}/copyright")
    message(FATAL_ERROR "bundle: no licence known for ${file}: its package '${package}' has no /usr/share/doc/${package}/copyright")
  endif()
  if(NOT EXISTS "${licences}/${package}")
    file(REAL_PATH "/usr/share/doc/${package}/copyright" text)
    file(MAKE_DIRECTORY "${licences}")
    file(COPY_FILE "${text}" "${licences}/${package}")
  endif()
endforeach()
file(GLOB wheels "${downloads}/torch-*.whl" "${downloads}/nvidia_*.whl")
if(NOT wheels)
  message(FATAL_ERROR "bundle: LibTorch's licence is in its wheel, which is not in ${downloads}; run scripts/setup.sh --torch-only")
endif()
foreach(wheel IN LISTS wheels)
  file(ARCHIVE_EXTRACT INPUT "${wheel}" DESTINATION "${licences}" PATTERNS "*/licenses/*")
endforeach()
