#pragma once

#include "theriac/experiment/workspace.h"

namespace theriac::experiment {

// What can be known to go wrong before anything starts: a target that is no class of the evaluation
// data, a batch larger than the data, data without what an objective needs. (More poisons than
// samples is found by the poison plan.) Throws Error.
void preflight(Workspace& workspace);

}  // namespace theriac::experiment
