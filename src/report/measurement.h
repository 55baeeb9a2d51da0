#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "theriac/core/record.h"

namespace theriac::report {

// A text that many measurements share. It lives in the Names that made it.
class Name {
 public:
  explicit Name(const std::string& text) : text_(&text) {}
  operator const std::string&() const { return *text_; }
  const std::string& str() const { return *text_; }
  bool empty() const { return text_->empty(); }
  friend bool operator==(Name a, Name b) { return a.text_ == b.text_ || *a.text_ == *b.text_; }
  friend bool operator==(Name a, std::string_view b) { return *a.text_ == b; }

 private:
  const std::string* text_;
};

class Names {
 public:
  Name add(const std::string& text) { return Name(*texts_.insert(text).first); }

 private:
  std::unordered_set<std::string> texts_;  // whose elements stay where they are
};

// A core::Record in a third of its memory: reports hold 100,000 and more. Fields of the same name
// mean the same.
struct Measurement {
  Measurement(const core::Record& r, Names& names)
      : value(r.value),
        low(r.low),
        high(r.high),
        n(r.n),
        excluded(r.excluded),
        trigger_seed(r.trigger_seed),
        epoch(r.epoch),
        step(r.step),
        metric(names.add(r.metric)),
        data(names.add(r.data)),
        data_id(names.add(r.data_id)),
        protocol(names.add(r.protocol)),
        protocol_id(names.add(r.protocol_id)),
        target(names.add(r.target)),
        trigger(names.add(r.trigger)),
        prompts(names.add(r.prompts)),
        checkpoint(names.add(r.checkpoint)),
        outcomes(r.outcomes) {}

  double value, low, high;
  std::int64_t n, excluded, trigger_seed, epoch, step;
  Name metric, data, data_id, protocol, protocol_id, target, trigger, prompts, checkpoint;
  std::string outcomes;
};

}  // namespace theriac::report
