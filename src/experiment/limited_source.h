#pragma once

#include <memory>

#include "theriac/data/source.h"

namespace theriac::experiment {

// At most `limit` samples of another source, evenly spaced over it so that sources sorted by class
// keep all classes. Returns `source` itself when it is not larger.
std::shared_ptr<const data::Source> limited(std::shared_ptr<const data::Source> source,
                                            std::int64_t limit);

}  // namespace theriac::experiment
