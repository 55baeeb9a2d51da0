#pragma once

#include <string>

#include "theriac/core/error.h"

namespace theriac::testing {

// What the Error says that `action` throws; "no error" when it throws none.
template <class Action>
std::string message(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace theriac::testing
