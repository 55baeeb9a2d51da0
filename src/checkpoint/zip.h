#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace theriac::checkpoint {

// The stored (uncompressed) members of a ZIP archive in memory, as torch.save and torch.jit.save
// write it. Source: PKWARE APPNOTE 6.3, 4.3 and 4.5.3 (ZIP64).
class Zip {
 public:
  // Reads the directory; Error, naming `file`, when it is damaged, split or too large.
  Zip(std::string_view bytes, std::string file);

  bool contains(const std::string& name) const { return members_.contains(name); }
  // The whole member, its CRC-32 checked. Error when there is none, it is compressed or damaged.
  std::string_view read(const std::string& name) const;
  // The one member whose name ends with `suffix`; "" when there is none.
  std::string find(std::string_view suffix) const;

 private:
  struct Member {
    std::uint64_t header = 0, size = 0, packed = 0;
    std::uint32_t crc = 0;
    std::uint16_t method = 0;
  };
  [[noreturn]] void fail(const std::string& why) const;
  template <class Integer>
  Integer number(std::uint64_t at) const;
  void read_directory(std::uint64_t at, std::uint64_t size, std::uint64_t count);
  void widen(Member& member, std::string_view extra) const;

  std::string_view bytes_;
  std::string file_;
  std::map<std::string, Member> members_;
};

}  // namespace theriac::checkpoint
