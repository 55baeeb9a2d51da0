#include <fmt/format.h>

#include "data/sample_writer.h"
#include "theriac/core/files.h"

namespace theriac::data {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n\t") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

class CsvWriter final : public SampleWriter {
 public:
  CsvWriter(const std::filesystem::path& folder, std::int64_t per_folder, bool labelled)
      : folder_(folder),
        per_folder_(per_folder),
        labelled_(labelled),
        pairs_(folder / "pairs.csv") {
    pairs_.write(labelled ? "image,caption,label\n" : "image,caption\n");
  }

  void add(const OutSample& sample) override {
    const std::string place = fmt::format("images/{:05}", count_ / per_folder_);
    if (count_ % per_folder_ == 0) core::make_folder(folder_ / place);
    const std::string name = fmt::format("{}/{:09}.{}", place, count_++, sample.suffix);
    OutFile image(folder_ / name);
    image.write(sample.image);
    image.close();
    pairs_.write(name + "," + quoted(sample.row.caption));
    if (labelled_)
      pairs_.write("," + (sample.row.label < 0 ? std::string() : std::to_string(sample.row.label)));
    pairs_.write("\n");
  }
  void finish() override { pairs_.close(); }
  std::string settings() const override {
    return labelled_ ? R"(type: csv, path: "{0}/pairs.csv", label_key: label, )"
                       R"(classes_file: "{0}/classes.txt")"
                     : R"(type: csv, path: "{0}/pairs.csv")";
  }

 private:
  std::filesystem::path folder_;
  std::int64_t per_folder_;
  bool labelled_;
  OutFile pairs_;
  std::int64_t count_ = 0;
};

}  // namespace

std::unique_ptr<SampleWriter> csv_writer(const std::filesystem::path& folder,
                                         const ExportOptions& options, bool labelled) {
  return std::make_unique<CsvWriter>(folder, options.shard_size, labelled);
}

}  // namespace theriac::data
