// visavis on the command line.
#include "app/commands.hpp"

int main(int argc, char** argv) { return visavis::app::run(argc, argv); }
