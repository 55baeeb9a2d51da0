#include "text/clip_vocabulary.h"

#include <fmt/format.h>
#include <zlib.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "theriac/core/assets.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"

namespace theriac::text {
namespace {

namespace fs = std::filesystem;

// The file goes on to 262,144 merges; CLIP's 49,408 ids are 512 bytes, two special ones and these.
constexpr std::size_t kMerges = 49408 - 512 - 2;
constexpr const char* kMergesHash =
    "f61f2adf497e6f5357c347aeb4646fabe82f341e946de5bdec5d2858e41bef4a";
constexpr std::size_t kMostBytes = std::size_t{16} << 20;

// Unpacked if it is packed; empty when it cannot be unpacked or is too large.
std::string read_packed(const fs::path& path) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw Error(fmt::format("clip_bpe: cannot read {}", path.string()));
  std::string text;
  std::string buffer(std::size_t{1} << 16, '\0');
  int got = 0;
  while ((got = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    text.append(buffer, 0, static_cast<std::size_t>(got));
    if (text.size() > kMostBytes) return {};
  }
  return got < 0 ? std::string() : text;
}

// Lines 2 to kMerges + 1, without the last line break; the first line is a remark.
std::string merges_of(const std::string& text) {
  const auto from = text.find('\n');
  auto to = from;
  for (std::size_t i = 0; i < kMerges && to != text.npos; ++i) to = text.find('\n', to + 1);
  return to == text.npos ? std::string() : text.substr(from + 1, to - from - 1);
}

}  // namespace

std::string read_clip_merges(const std::string& path) {
  const fs::path file = path.empty() ? core::asset("bpe_simple_vocab_16e6.txt.gz") : fs::path(path);
  if (!fs::is_regular_file(file))
    throw Error(fmt::format("clip_bpe: there is no file {}; run scripts/fetch_assets.sh{}",
                            file.string(), path.empty() ? "" : ", or correct vocabulary_file"));
  auto merges = merges_of(read_packed(file));
  if (core::sha256(merges) != kMergesHash)
    throw Error(fmt::format(
        "clip_bpe: {} is not CLIP's vocabulary (bpe_simple_vocab_16e6.txt.gz): its first {} merges "
        "are others or damaged; run scripts/fetch_assets.sh{}",
        file.string(), kMerges,
        path.empty() ? " after removing it" : " and leave vocabulary_file out"));
  return merges;
}

std::string pack(const std::string& text) {
  auto size = compressBound(text.size());
  std::string bytes(size, '\0');
  const auto* in = reinterpret_cast<const Bytef*>(text.data());
  if (compress2(reinterpret_cast<Bytef*>(bytes.data()), &size, in, text.size(), 9) != Z_OK)
    throw std::runtime_error("clip_bpe: cannot pack the merges");
  bytes.resize(size);
  return bytes;
}

std::string unpack(const std::string& bytes) {
  std::string text(kMostBytes, '\0');
  uLongf size = text.size();
  const auto* in = reinterpret_cast<const Bytef*>(bytes.data());
  if (uncompress(reinterpret_cast<Bytef*>(text.data()), &size, in, bytes.size()) != Z_OK)
    throw Error("clip_bpe: not a tokenizer saved by theriac; its merges cannot be unpacked");
  text.resize(size);
  return text;
}

}  // namespace theriac::text
