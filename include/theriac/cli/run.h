#pragma once

namespace theriac::cli {

// The whole command: parses, runs one verb, prints errors, returns the exit code (core/error.h).
int run(int argc, char** argv);

}  // namespace theriac::cli
