#include "experiment/provenance.h"

#include <unistd.h>

#include <ctime>
#include <fstream>
#include <opencv2/core/version.hpp>

#include "theriac/core/build_info.h"

namespace theriac::experiment {

namespace {

std::string command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  while (!text.empty() && text.back() == '\0') text.pop_back();
  for (char& c : text)
    if (c == '\0') c = ' ';
  return text;
}

}  // namespace

nlohmann::json provenance(const Stage& stage, const std::string& device, int threads) {
  const auto& build = core::build_info();
  char when[32] = {};
  const std::time_t now = std::time(nullptr);
  std::strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  return {{"stage", stage.id},
          {"kind", word(stage.kind)},
          {"parent", stage.parent},
          {"settings", stage.settings},
          {"theriac", build.version},
          {"commit", build.commit},
          {"dirty", build.dirty},
          {"compiler", build.compiler},
          {"build_type", build.build_type},
          {"torch", build.torch},
          {"opencv", CV_VERSION},
          {"command", command_line()},
          {"host", core::host_name()},
          {"device", device},
          {"threads", threads},
          {"started", when}};
}

}  // namespace theriac::experiment
