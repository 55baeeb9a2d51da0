#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/wordnet.h"
#include "theriac/core/random.h"

// The four operations of EDA on the words of a caption; see theriac/text/augment.h.

namespace theriac::text::eda {

using Words = std::vector<std::string>;

Words words_of(std::string_view caption);
std::string joined(const Words& words);
// EDA's cleaning: lower case, apostrophes dropped, whatever else is no letter a to z to a blank.
std::string letters_only(std::string_view caption);

void swap(Words& words, double rate, core::Stream& random);  // of two words or more
void remove(Words& words, double rate, core::Stream& random);
void replace(Words& words, double rate, const WordNet& wordnet, core::Stream& random);
void insert(Words& words, double rate, const WordNet& wordnet, core::Stream& random);

}  // namespace theriac::text::eda
