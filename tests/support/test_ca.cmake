# The test CA (test_ca.sh), made at build time in <build>/test-ca. mailcheck_use_test_ca(<target>): the target is built after
# it and finds it under the macro MAILCHECK_TEST_CA.
set(test_ca_folder ${CMAKE_BINARY_DIR}/test-ca)
add_custom_command(OUTPUT ${test_ca_folder}/stamp
  COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/test_ca.sh ${test_ca_folder}
  COMMAND ${CMAKE_COMMAND} -E touch ${test_ca_folder}/stamp
  DEPENDS ${CMAKE_CURRENT_LIST_DIR}/test_ca.sh
  COMMENT "making the test CA" VERBATIM)
add_custom_target(test_ca DEPENDS ${test_ca_folder}/stamp)

function(mailcheck_use_test_ca target)
  add_dependencies(${target} test_ca)
  target_compile_definitions(${target} PRIVATE MAILCHECK_TEST_CA="${CMAKE_BINARY_DIR}/test-ca")
endfunction()
