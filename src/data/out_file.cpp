#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/posix.h"
#include "data/sample_writer.h"

namespace theriac::data {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 18;

}  // namespace

OutFile::OutFile(const std::filesystem::path& path)
    : path_(path),
      descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) core::posix::cannot_write(path, errno);
}

OutFile::~OutFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void OutFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBuffer) flush();
}

void OutFile::flush() {
  core::posix::write_all(descriptor_, buffer_, path_);
  buffer_.clear();
}

void OutFile::close() {
  flush();
  const int code = ::close(descriptor_);
  descriptor_ = -1;
  if (code != 0) core::posix::cannot_write(path_, errno);
}

}  // namespace theriac::data
