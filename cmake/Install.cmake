# Where distributions expect things. Files are installed by pattern: a new one needs no line here.
set(MAILCHECK_ZSH_COMPLETION_DIR "share/zsh/site-functions" CACHE STRING "folder of the completions for zsh")
set(MAILCHECK_NAGIOS_CONFIG_DIR "share/${PROJECT_NAME}/nagios" CACHE STRING "folder of the commands for Nagios")
set(shared_folder ${CMAKE_INSTALL_DATADIR}/${PROJECT_NAME})
set(packaging ${CMAKE_SOURCE_DIR}/packaging)

# mailcheck_install_files(<folder> <pattern>...): all files that fit
function(mailcheck_install_files folder)
  file(GLOB files CONFIGURE_DEPENDS ${ARGN})
  if(files)
    install(FILES ${files} DESTINATION ${folder})
  endif()
endfunction()

install(TARGETS ${MAILCHECK_PLUGINS} RUNTIME DESTINATION ${MAILCHECK_PLUGIN_DIR})
# The module with libcurl: in a private folder beside the plugins (lib/http/load_module.h says why there).
install(TARGETS mailcheck_http_curl LIBRARY DESTINATION ${MAILCHECK_PLUGIN_DIR}/${PROJECT_NAME})

mailcheck_install_files(${CMAKE_INSTALL_MANDIR}/man1 ${CMAKE_SOURCE_DIR}/man/*.1)
mailcheck_install_files(${CMAKE_INSTALL_MANDIR}/man7 ${CMAKE_SOURCE_DIR}/man/*.7)
foreach(plugin IN LISTS MAILCHECK_PLUGINS)
  set(completion ${packaging}/completions/${plugin})
  install(FILES ${completion}.bash DESTINATION share/bash-completion/completions RENAME ${plugin})
  install(FILES ${completion}.zsh DESTINATION ${MAILCHECK_ZSH_COMPLETION_DIR} RENAME _${plugin})
  install(FILES ${completion}.fish DESTINATION share/fish/vendor_completions.d)
endforeach()

mailcheck_install_files(${shared_folder} ${packaging}/json/*.json)
mailcheck_install_files(${CMAKE_INSTALL_DOCDIR}/examples ${packaging}/examples/*.ini)
install(PROGRAMS ${packaging}/make-state-folders DESTINATION ${shared_folder})

# For the monitoring systems: what they read from folders of their own goes there, the rest can be copied from ours. The
# scripts in Python there make the files.
mailcheck_install_files(share/icinga2/include/plugins-contrib.d ${packaging}/icinga2/mailcheck.conf)
mailcheck_install_files(${MAILCHECK_NAGIOS_CONFIG_DIR} ${packaging}/nagios/mail-plugins.cfg)
foreach(system IN ITEMS icinga2 nagios zabbix grafana)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${packaging} ${packaging}/${system}/*)
  list(FILTER files EXCLUDE REGEX "/(mailcheck.conf|mail-plugins.cfg|[^/]*[.]pyc?)$")
  foreach(file IN LISTS files)
    get_filename_component(folder ${file} DIRECTORY)
    if(file MATCHES "/README.md$")  # documentation has a place of its own; it is found beside what it explains, too
      set(documentation ${CMAKE_INSTALL_DOCDIR}/${folder})
      install(FILES ${packaging}/${file} DESTINATION ${documentation})
      file(RELATIVE_PATH target /${shared_folder}/${folder} /${documentation}/README.md)
      file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/links/${folder})
      file(CREATE_LINK ${target} ${CMAKE_BINARY_DIR}/links/${file} SYMBOLIC)
      install(FILES ${CMAKE_BINARY_DIR}/links/${file} DESTINATION ${shared_folder}/${folder})
    elseif(file MATCHES "/mail_check$")
      install(PROGRAMS ${packaging}/${file} DESTINATION ${shared_folder}/${folder})
    else()
      install(FILES ${packaging}/${file} DESTINATION ${shared_folder}/${folder})
    endif()
  endforeach()
endforeach()
