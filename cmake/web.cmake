# The public pages: web/pages and web/messages become C++ functions, web/assets bytes in the binary (tools/pages.py, tools/assets.py).
# A message that a language lacks, an attribute without quotes or an expression that does not compile ends the build at its line of HTML.
function(visavis_pages folder)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    set(made ${CMAKE_BINARY_DIR}/generated)
    set(web ${CMAKE_SOURCE_DIR}/web)
    file(GLOB_RECURSE pages CONFIGURE_DEPENDS ${web}/pages/*.html)
    file(GLOB messages CONFIGURE_DEPENDS ${web}/messages/*.toml)
    file(GLOB assets CONFIGURE_DEPENDS ${web}/assets/*)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.?pp)

    set(code)
    foreach(page IN LISTS pages)
        get_filename_component(name ${page} NAME_WE)
        list(APPEND code ${made}/web/pages/${name}.cpp)
    endforeach()
    list(APPEND code ${made}/web/pages.hpp ${made}/web/messages.hpp ${made}/web/messages.cpp)
    add_custom_command(
        OUTPUT ${code}
        COMMAND ${Python3_EXECUTABLE} tools/pages.py ${made} web/pages web/messages src/${folder}
        DEPENDS ${pages} ${messages} ${sources} ${CMAKE_SOURCE_DIR}/tools/pages.py
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMENT "Compiling web/pages")
    add_custom_command(
        OUTPUT ${made}/web/assets.cpp
        COMMAND ${Python3_EXECUTABLE} tools/assets.py ${made} web/assets
        DEPENDS ${assets} ${CMAKE_SOURCE_DIR}/tools/assets.py ${CMAKE_SOURCE_DIR}/tools/embed.py
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMENT "Embedding web/assets")
    target_sources(visavis_${folder} PRIVATE ${code} ${made}/web/assets.cpp)
    target_include_directories(visavis_${folder} PUBLIC ${made})
endfunction()
