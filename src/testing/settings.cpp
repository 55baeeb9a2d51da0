#include <exception>
#include <stdexcept>

#include "theriac/config/document.h"
#include "theriac/testing/testing.h"

namespace theriac::testing {

Broken check_settings(std::string_view component, config::Section& defaults,
                      config::Section& others) {
  const std::string name(component);
  try {
    const std::string written = config::to_yaml(defaults);
    config::read(config::Document::parse(written.empty() ? "{}" : written, name), others);
    if (config::to_yaml(others) != written)
      return {name + ": its settings change when they are written and read again"};
  } catch (const std::exception& error) {
    return {name + ": its default settings cannot be read back: " + error.what()};
  }
  return {};
}

void require(std::string_view component, const Broken& broken) {
  if (broken.empty()) return;
  std::string message = std::string(component) + " does not keep its contract:";
  for (const auto& sentence : broken) message += "\n  " + sentence;
  throw std::runtime_error(message);
}

}  // namespace theriac::testing
