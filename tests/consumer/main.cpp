#include "theriac/cli/run.h"

int main(int argc, char** argv) { return theriac::cli::run(argc, argv); }
