#include "theriac/data/export.h"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "data/class_list.h"
#include "data/header.h"
#include "data/sample_writer.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kBatch = 256;  // samples that are in memory at once

std::string_view suffix_of(Format format) {
  switch (format) {
    case Format::kJpeg:
      return "jpg";
    case Format::kPng:
      return "png";
    case Format::kWebp:
      return "webp";
    case Format::kBmp:
      return "bmp";
    case Format::kUnknown:
      break;
  }
  return "";
}

OutSample to_write(const Source& source, std::int64_t index) {
  Sample sample = source.get(index);
  OutSample out;
  out.row = std::move(sample.row);
  if (sample.bad == Bad::kNone) {
    if (!sample.pixels.empty()) sample.encoded = encode_png(sample.pixels);
    const Header header = read_header(sample.encoded);
    sample.bad = header.format == Format::kUnknown && header.bad == Bad::kNone ? Bad::kNotAnImage
                                                                               : header.bad;
    sample.detail = header.detail;
    out.suffix = suffix_of(header.format);
    out.image.assign(sample.encoded.begin(), sample.encoded.end());
  }
  if (sample.bad != Bad::kNone)
    out.bad = {index, excerpt(source.where(index)), excerpt(out.row.key),
               std::string(word(sample.bad)), excerpt(std::move(sample.detail))};
  return out;
}

std::vector<OutSample> read_batch(const Source& source, std::int64_t first, int threads) {
  std::vector<OutSample> batch(static_cast<std::size_t>(std::min(kBatch, source.size() - first)));
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t i; (i = next++) < batch.size();)
        batch[i] = to_write(source, first + static_cast<std::int64_t>(i));
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < threads; ++i) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  return batch;
}

}  // namespace

ExportResult export_source(const Source& source, const fs::path& target,
                           const ExportOptions& options,
                           const std::function<void(std::int64_t done)>& progress) {
  std::error_code unknown;
  if (fs::exists(fs::symlink_status(target, unknown)))
    throw Error(fmt::format("data export: {} is there already; choose another folder or remove it",
                            target.string()));
  core::StagedFolder folder(target);
  const bool labelled = !source.classes().empty();
  const auto writer = options.format == ExportFormat::kCsv
                          ? csv_writer(folder.path(), options, labelled)
                          : shard_writer(folder.path(), options, labelled);
  ExportResult result;
  for (std::int64_t first = 0; first < source.size(); first += kBatch) {
    if (core::stop_requested())
      throw Interrupted(fmt::format("data export: stopped after {} of {} samples; {} was not made",
                                    first, source.size(), target.string()));
    for (OutSample& sample : read_batch(source, first, options.threads)) {
      if (sample.bad.reason.empty()) {
        writer->add(sample);
        ++result.written;
      } else {
        result.left_out.push_back(std::move(sample.bad));
      }
    }
    if (progress) progress(std::min(source.size(), first + kBatch));
  }
  if (result.written == 0)
    throw Error(fmt::format("data export: none of {} samples is usable; the first one, {}: {} {}",
                            source.size(), result.left_out.at(0).where,
                            result.left_out.at(0).reason, result.left_out.at(0).detail));
  writer->finish();
  if (labelled) {
    OutFile classes(folder.path() / "classes.txt");
    classes.write(core::join(source.classes(), "\n") + "\n");
    classes.close();
  }
  folder.commit();
  result.source = "{" + fmt::format(fmt::runtime(writer->settings()), target.string()) + "}";
  return result;
}

}  // namespace theriac::data
