#pragma once

#include <cstdint>
#include <memory>

#include "theriac/data/source.h"
#include "theriac/model/clip.h"
#include "theriac/text/tokenizer.h"

namespace theriac::testing {

// `count` noise pictures of `side` pixels with labels 0, 1, 2, 3 in turn.
std::shared_ptr<const data::Source> synthetic_source(std::int64_t count, int side);

// One id per byte.
std::shared_ptr<const text::Tokenizer> byte_tokenizer();

// A vision transformer for 32 px pictures and byte_tokenizer()'s ids, with random weights.
std::shared_ptr<model::Clip> synthetic_model();

}  // namespace theriac::testing
