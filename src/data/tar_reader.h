#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace theriac::data {

struct TarMember {
  std::uint64_t start = 0;  // of its first header; a reader may begin there
  std::string path;
  char type = '0';  // '0' regular file, '5' folder, ...; an old tar's '\0' becomes '0'
  std::uint64_t size = 0;
  std::string_view data;  // shorter than `size` when the file ends before
};

// The members of a plain tar in memory: ustar, GNU long names and sizes, pax paths and sizes. Never
// throws for bad bytes: it stops and says why.
class TarReader {
 public:
  // `offset`: 0, or the start of a member.
  explicit TarReader(std::string_view tar, std::uint64_t offset = 0) : tar_(tar), next_(offset) {}
  bool next(TarMember& member);
  // Why next() was false: "" at the archive's end, else what is wrong and at which byte.
  const std::string& problem() const { return problem_; }

 private:
  bool fail(std::string problem);

  std::string_view tar_;
  std::uint64_t next_;
  std::string problem_;
};

}  // namespace theriac::data
