# Where distributions expect things: plugin folder, man pages, bash completion, the schema of the JSON output.
install(FILES ${CMAKE_SOURCE_DIR}/packaging/json/plugin-output.schema.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/${PROJECT_NAME})
foreach(plugin IN LISTS MAILCHECK_PLUGINS)
  install(TARGETS ${plugin} RUNTIME DESTINATION ${MAILCHECK_PLUGIN_DIR})
  if(EXISTS ${CMAKE_SOURCE_DIR}/man/${plugin}.1)
    install(FILES ${CMAKE_SOURCE_DIR}/man/${plugin}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
  if(EXISTS ${CMAKE_SOURCE_DIR}/packaging/completions/${plugin}.bash)
    install(FILES ${CMAKE_SOURCE_DIR}/packaging/completions/${plugin}.bash
      DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${plugin})
  endif()
endforeach()
# The module with libcurl: in a private folder beside the plugins (lib/http/load_module.h says why there).
install(TARGETS mailcheck_http_curl LIBRARY DESTINATION ${MAILCHECK_PLUGIN_DIR}/${PROJECT_NAME})
