#pragma once

#include <memory>
#include <string>

#include "theriac/evaluate/session.h"
#include "theriac/experiment/workspace.h"

namespace theriac::experiment {

// What the stages that one process runs after each other share.
struct StageCache {
  DataCache data;
  std::string session_key;  // protocol and everything else that made `session`
  std::shared_ptr<evaluate::Session> session;
};

}  // namespace theriac::experiment
