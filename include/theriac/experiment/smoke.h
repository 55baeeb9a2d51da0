#pragma once

#include "theriac/config/document.h"

namespace theriac::experiment {

// `--smoke`: every stage once, on little data: data.limit, few epochs, small batches, and as much
// poison as keeps its share. Changes results on purpose; the experiment is named "<name>-smoke".
void shrink(config::Document& document);

}  // namespace theriac::experiment
