#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/fixture.h"

namespace theriac::data {

// A cache folder of the test's own, and the files in its index/.
class IndexCache : public ::testing::Test {
 protected:
  IndexCache() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME")) before_ = cache;
    ::setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1);
  }
  ~IndexCache() override {
    if (before_)
      ::setenv("XDG_CACHE_HOME", before_->c_str(), 1);
    else
      ::unsetenv("XDG_CACHE_HOME");
  }
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> result;
    if (std::filesystem::exists(folder_ / "cache/theriac/index"))
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / "cache/theriac/index"))
        result.push_back(entry.path());
    return result;
  }
  Folder folder_;

 private:
  std::optional<std::string> before_;
};

}  // namespace theriac::data
