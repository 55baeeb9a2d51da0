// Tars as img2dataset writes them: shard number and place in the shard make the key. Headers are
// ustar with owner, group and time zero, so that equal samples give equal files.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "data/sample_writer.h"

namespace theriac::data {
namespace {

std::string tar_header(const std::string& name, std::size_t size) {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", size));
  put(136, "00000000000");
  put(148, std::string(8, ' '));
  put(156, "0");
  put(257, "ustar");
  put(263, "00");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum) + std::string(1, '\0'));
  return header;
}

class ShardWriter final : public SampleWriter {
 public:
  ShardWriter(const std::filesystem::path& folder, std::int64_t per_shard, bool labelled)
      : folder_(folder),
        per_shard_(per_shard),
        digits_(std::to_string(per_shard - 1).size()),
        labelled_(labelled) {}

  void add(const OutSample& sample) override {
    if (count_ % per_shard_ == 0) open();
    const std::string key = fmt::format("{:05}{:0{}}", shards_ - 1, count_++ % per_shard_, digits_);
    nlohmann::json json = {
        {"key", key}, {"source", sample.row.key}, {"caption", sample.row.caption}};
    if (sample.row.label >= 0) json["label"] = sample.row.label;
    add(key + "." + sample.suffix, sample.image);
    add(key + ".txt", sample.row.caption);
    add(key + ".json", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    if (sample.row.label >= 0) add(key + ".cls", std::to_string(sample.row.label));
  }

  void finish() override {
    end_shard();
    OutFile sizes(folder_ / "sizes.json");
    sizes.write(sizes_.dump(1) + "\n");
    sizes.close();
  }

  std::string settings() const override {
    return labelled_ ? R"(type: webdataset, path: "{0}", label_key: cls, )"
                       R"(classes_file: "{0}/classes.txt")"
                     : R"(type: webdataset, path: "{0}")";
  }

 private:
  void open() {
    end_shard();
    name_ = fmt::format("{:05}.tar", shards_++);
    file_ = std::make_unique<OutFile>(folder_ / name_);
  }

  void end_shard() {
    if (!file_) return;
    file_->write(std::string(1024, '\0'));
    file_->close();
    file_.reset();
    sizes_[name_] = (count_ - 1) % per_shard_ + 1;
  }

  void add(const std::string& name, const std::string& bytes) {
    file_->write(tar_header(name, bytes.size()));
    file_->write(bytes);
    file_->write(std::string((512 - bytes.size() % 512) % 512, '\0'));
  }

  std::filesystem::path folder_;
  std::int64_t per_shard_;
  std::size_t digits_;
  bool labelled_;
  std::unique_ptr<OutFile> file_;
  std::string name_;
  nlohmann::json sizes_ = nlohmann::json::object();
  std::int64_t count_ = 0, shards_ = 0;
};

}  // namespace

std::unique_ptr<SampleWriter> shard_writer(const std::filesystem::path& folder,
                                           const ExportOptions& options, bool labelled) {
  return std::make_unique<ShardWriter>(folder, options.shard_size, labelled);
}

}  // namespace theriac::data
