# Compiler settings that hold for every target: language, warnings, and the quick linker and compiler cache where they are installed.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

option(VISAVIS_WERROR "Treat warnings as errors" ON)
add_compile_options(
    -UNDEBUG # money passes through here: asserts stay on in every build
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
    -Wno-missing-field-initializers
    -Wno-restrict # GCC 12 reports std::string + char const* wrongly (GCC bug 105651)
    $<$<BOOL:${VISAVIS_WERROR}>:-Werror>)
if(CMAKE_CXX_FLAGS MATCHES "fsanitize")
    # Instrumentation hides initialisations from the optimiser, and TSan does not know the fences that Asio uses.
    add_compile_options(-Wno-maybe-uninitialized -Wno-tsan)
endif()

find_program(VISAVIS_CCACHE ccache)
if(VISAVIS_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${VISAVIS_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${VISAVIS_CCACHE})
endif()
add_link_options(-Wl,--as-needed)
find_program(VISAVIS_MOLD mold)
if(VISAVIS_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
