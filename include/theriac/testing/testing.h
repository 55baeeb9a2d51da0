#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/evaluate/metric.h"
#include "theriac/objective/term.h"
#include "theriac/poison/trigger.h"

// Does a component keep its contract? Each check gives one sentence per broken promise, none when
// all is well. They run on small random data in well under a second, for components of Theriac's
// own tables and for yours:
//   EXPECT_THAT(theriac::testing::check_objective(mine()), ::testing::IsEmpty());
namespace theriac::testing {

using Broken = std::vector<std::string>;

// With its default settings a term gives a finite loss and finite gradients, not all zero; the same
// loss twice; the same loss when the pairs are in another order; named, detached parts.
Broken check_objective(const config::Entry<objective::TermConfig>& entry);

// A trigger changes the picture, keeps size and type, is the same for the same stream, and leaves
// everything outside of place() as it was.
Broken check_trigger(const config::Entry<poison::TriggerConfig>& entry);

// A metric gives records with a name, a data set, n > 0 and low <= value <= high, the same ones
// when it is run again, and leaves the model as it was.
Broken check_metric(const config::Entry<evaluate::MetricConfig>& entry);

// Settings survive being written and read again; part of all checks above.
Broken check_settings(std::string_view component, config::Section& defaults,
                      config::Section& others);

// For programs without a test framework: throws std::runtime_error that lists what is broken.
void require(std::string_view component, const Broken& broken);

}  // namespace theriac::testing
