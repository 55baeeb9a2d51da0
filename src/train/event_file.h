#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace theriac::train {

// A TensorBoard event file: TFRecord frames that hold Event messages.
class EventFile {
 public:
  // Creates "events.out.tfevents.TIME.PID". With a first step, TensorBoard drops what older files
  // of the folder hold from there on.
  EventFile(const std::filesystem::path& folder, std::int64_t first_step);
  void scalars(std::int64_t step, const std::vector<std::pair<std::string, double>>& values);
  void flush() { file_.flush(); }

 private:
  void write(std::string_view event);
  std::ofstream file_;
};

// CRC-32C (Castagnoli) as TFRecord stores it: rotated by 15 bits plus a constant.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace theriac::train
