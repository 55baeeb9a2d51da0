#pragma once

#include <memory>
#include <string>
#include <vector>

#include "theriac/data/source.h"
#include "theriac/poison/plan.h"

namespace theriac::analyse {

using SourcePtr = std::shared_ptr<const data::Source>;

// At most `most` of a source's samples, one drawn from each of equal spans, the same every time. A
// sample without a caption but with a label
// gets `prompt`, a template, filled with its class.
SourcePtr thinned(SourcePtr source, std::int64_t most, std::string prompt, bool fit_article);

// The training pairs as a model of input size `side` was trained on them: of the poisoned ones and
// of the clean ones at most `most` each, in the same way. Pictures are at input size, poisoned ones
// with trigger and planted caption. Labels are 1 for a poisoned pair, 0 for a clean one.
SourcePtr training_pairs(SourcePtr train, std::shared_ptr<const poison::Plan> plan, int side,
                         std::int64_t most);

}  // namespace theriac::analyse
