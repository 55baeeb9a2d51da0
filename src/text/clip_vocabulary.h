#pragma once

#include <string>

namespace theriac::text {

// CLIP's 48,894 merges from the file of OpenAI's repository (bpe_simple_vocab_16e6.txt.gz, or
// unpacked), one a line. Empty path: what scripts/fetch_assets.sh fetched. Error when the file is
// missing or holds anything else.
std::string read_clip_merges(const std::string& path);

std::string pack(const std::string& text);     // zlib
std::string unpack(const std::string& bytes);  // Error when it is not what pack() gave

}  // namespace theriac::text
