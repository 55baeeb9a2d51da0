#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "data/sample_writer.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::data {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 18;

[[noreturn]] void cannot_export(const std::filesystem::path& path, int code) {
  throw Error(
      fmt::format("data export: cannot write {}: {} ({} free); free some space or choose "
                  "another folder",
                  path.string(), std::strerror(code), core::human_bytes(core::free_bytes(path))),
      Exit::kCannotWrite);
}

}  // namespace

OutFile::OutFile(const std::filesystem::path& path)
    : path_(path),
      descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) cannot_export(path, errno);
}

OutFile::~OutFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void OutFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBuffer) flush();
}

void OutFile::flush() {
  for (std::string_view rest = buffer_; !rest.empty();) {
    const ssize_t count = ::write(descriptor_, rest.data(), rest.size());
    if (count < 0 && errno != EINTR) cannot_export(path_, errno);
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  }
  buffer_.clear();
}

void OutFile::close() {
  flush();
  const int code = ::close(descriptor_);
  descriptor_ = -1;
  if (code != 0) cannot_export(path_, errno);
}

}  // namespace theriac::data
