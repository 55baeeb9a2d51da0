# Read by ctest: one test per suite of a GoogleTest program, LAYER.SUITE. A process per suite instead of one per case, since
# loading LibTorch takes longer than most cases. Set before: program, layer, properties.
execute_process(COMMAND ${program} --gtest_list_tests OUTPUT_VARIABLE listing RESULT_VARIABLE result TIMEOUT 60)
if(NOT result EQUAL 0)
  add_test(${layer}.LIST_OF_TESTS ${program} --gtest_list_tests)
  return()
endif()
string(REGEX MATCHALL "[^\n]+" lines "${listing}")
foreach(line IN LISTS lines)
  if(line MATCHES "^([A-Za-z0-9_/]+)\\.")
    string(REPLACE "/" "." name ${CMAKE_MATCH_1})
    add_test(${layer}.${name} ${program} --gtest_filter=${CMAKE_MATCH_1}.* --gtest_brief=1)
    set_tests_properties(${layer}.${name} PROPERTIES ${properties}
      SKIP_REGULAR_EXPRESSION "PASSED  . 0 tests[.]\n.  SKIPPED")
  endif()
endforeach()
