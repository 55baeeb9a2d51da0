#pragma once

#include <functional>
#include <string>

#include "data/shard_index.h"

namespace theriac::data {

// The index of a tar, from the cache folder when one was kept for its `stamp` and `reading` (what
// says how the tar is read), else by `make`, and then kept. No stamp, few rows: nothing is kept. A
// file of the cache that is broken or of other bytes is ignored and written anew; it need not be
// possible to write there.
ShardIndex kept_index(const std::string& stamp, const std::string& reading,
                      const std::function<ShardIndex()>& make);

}  // namespace theriac::data
