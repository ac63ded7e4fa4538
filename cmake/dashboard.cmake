# The dashboard: npm installs what package-lock.json pins, Vite builds web/dist in the build directory, tools/dashboard.py makes bytes of it.
# A machine without npm builds a binary without a dashboard, which says so under /app; `./dev build` installs npm.
function(visavis_dashboard)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    find_program(VISAVIS_NPM npm)
    set(web ${CMAKE_SOURCE_DIR}/web)
    set(made ${CMAKE_BINARY_DIR}/generated/dashboard/files.cpp)
    if(VISAVIS_NPM)
        set(dist ${CMAKE_BINARY_DIR}/dashboard)
        file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/*)
        set(installed ${web}/node_modules/.package-lock.json) # what npm writes last
        add_custom_command(
            OUTPUT ${installed}
            COMMAND ${VISAVIS_NPM} ci --no-audit --no-fund --loglevel=error
            COMMAND ${CMAKE_COMMAND} -E touch ${installed}
            DEPENDS ${web}/package.json ${web}/package-lock.json
            WORKING_DIRECTORY ${web} COMMENT "Installing what the dashboard is built with" VERBATIM)
        add_custom_command(
            OUTPUT ${dist}/index.html
            COMMAND node node_modules/typescript/bin/tsc
            COMMAND node node_modules/vite/bin/vite.js build --outDir ${dist} --emptyOutDir --logLevel warn
            DEPENDS ${installed} ${sources} ${web}/index.html ${web}/vite.config.ts ${web}/tsconfig.json ${web}/assets/tokens.css
            WORKING_DIRECTORY ${web} COMMENT "Building the dashboard" VERBATIM)
        set(inputs ${dist}/index.html)
    else()
        message(WARNING "npm is missing: the binary will have no dashboard")
        set(dist)
        set(inputs)
    endif()
    add_custom_command(
        OUTPUT ${made}
        COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/dashboard.py ${made} ${dist}
        DEPENDS ${inputs} ${CMAKE_SOURCE_DIR}/tools/dashboard.py ${CMAKE_SOURCE_DIR}/tools/embed.py
        COMMENT "Embedding the dashboard" VERBATIM)
    target_sources(visavis_dashboard PRIVATE ${made})
endfunction()

# Its tests: units by vitest, and the pages and flows in Debian's Chromium against the binary. They say nothing new under a sanitizer.
function(visavis_dashboard_tests)
    if(NOT VISAVIS_NPM OR CMAKE_CXX_FLAGS MATCHES "fsanitize")
        return()
    endif()
    set(results ${CMAKE_BINARY_DIR}/results)
    add_test(NAME web_unit COMMAND node node_modules/vitest/vitest.mjs run --reporter=junit --outputFile=${results}/web_unit.xml
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/web)
    add_test(NAME web COMMAND node e2e/run.mjs --results ${results}/web.xml WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/web)
    set_tests_properties(web_unit web PROPERTIES LABELS web)
    set_tests_properties(web PROPERTIES PROCESSORS 2 ENVIRONMENT "E2E_BINARY=${CMAKE_BINARY_DIR}/visavis")
endfunction()
