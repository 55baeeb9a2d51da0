// clang-format off
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <gmock/gmock.h>
#include <zlib.h>

#include <array>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "data/fixture.h"
#include "theriac/core/random.h"

namespace theriac::data {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Bytes encode(const char* extension, const cv::Mat& any) {
  Bytes bytes;
  cv::imencode(extension, any, bytes);
  return bytes;
}

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

double difference(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

cv::Vec3b at(const cv::Mat& rgb, int y, int x) { return rgb.at<cv::Vec3b>(y, x); }

// 8 x 8 pixels of one colour.
Bytes cmyk_jpeg(std::array<std::uint8_t, 4> colour) {
  jpeg_compress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = info.image_height = 8;
  info.input_components = 4;
  info.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  jpeg_start_compress(&info, TRUE);
  std::array<std::uint8_t, 32> row;
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = colour[i % 4];
  JSAMPROW rows = row.data();
  while (info.next_scanline < 8) jpeg_write_scanlines(&info, &rows, 1);
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  Bytes bytes(memory, memory + size);
  std::free(memory);
  return bytes;
}

TEST(Decode, LosslessFormatsGiveBackThePixelsInRgbOrder) {
  const cv::Mat rgb = picture(40, 30);
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  for (const Bytes& bytes : {encode_png(rgb), encode(".bmp", bgr)}) {
    const Decoded decoded = decode(bytes);
    ASSERT_EQ(decoded.bad, Bad::kNone) << decoded.detail;
    EXPECT_EQ(difference(decoded.rgb, rgb), 0);
  }
  Bytes webp;
  cv::imencode(".webp", bgr, webp, {cv::IMWRITE_WEBP_QUALITY, 101});
  EXPECT_EQ(difference(decode(webp).rgb, rgb), 0);
}

TEST(Decode, JpegIsCloseAndScaledOnRequest) {
  const cv::Mat rgb = picture(160, 120);
  const Bytes bytes = encode_jpeg(rgb, 95);
  EXPECT_LE(difference(decode(bytes).rgb, rgb), 12);
  const auto size = [&](int minimum_side) { return decode(bytes, minimum_side).rgb.size(); };
  EXPECT_EQ(size(0), cv::Size(160, 120));
  EXPECT_EQ(size(61), cv::Size(160, 120));
  EXPECT_EQ(size(60), cv::Size(80, 60));
  EXPECT_EQ(size(30), cv::Size(40, 30));
  EXPECT_EQ(size(1), cv::Size(20, 15));
  EXPECT_EQ(size(500), cv::Size(160, 120));
}

TEST(Decode, GreyAlphaAndSixteenBitsBecomeRgb) {
  const cv::Mat grey(8, 8, CV_8UC1, cv::Scalar(77));
  EXPECT_EQ(at(decode(encode(".png", grey)).rgb, 3, 3), cv::Vec3b(77, 77, 77));
  EXPECT_EQ(at(decode(encode(".jpg", grey)).rgb, 3, 3), cv::Vec3b(77, 77, 77));
  const cv::Mat clear(8, 8, CV_8UC4, cv::Scalar(10, 20, 30, 0));  // BGRA, transparent
  EXPECT_EQ(at(decode(encode(".png", clear)).rgb, 3, 3), cv::Vec3b(30, 20, 10));
  const cv::Mat deep(8, 8, CV_16UC3, cv::Scalar(0x1020, 0x3040, 0x50ff));
  EXPECT_EQ(at(decode(encode(".png", deep)).rgb, 3, 3), cv::Vec3b(0x50, 0x30, 0x10));
  const cv::Mat deep_grey(8, 8, CV_16UC1, cv::Scalar(0x1020));  // Pillow cuts these off
  EXPECT_EQ(at(decode(encode(".png", deep_grey)).rgb, 3, 3), cv::Vec3b(255, 255, 255));
  const cv::Mat shallow_grey(8, 8, CV_16UC1, cv::Scalar(0x20));
  EXPECT_EQ(at(decode(encode(".png", shallow_grey)).rgb, 3, 3), cv::Vec3b(0x20, 0x20, 0x20));
}

// Four components with the Adobe marker, as stored (inverted): Pillow's formula on paper.
TEST(Decode, CmykJpegIsInvertedAsAdobeWritesIt) {
  const Decoded decoded = decode(cmyk_jpeg({55, 155, 255, 200}));
  ASSERT_EQ(decoded.bad, Bad::kNone) << decoded.detail;
  EXPECT_EQ(at(decoded.rgb, 4, 4), cv::Vec3b(43, 122, 200));
}

TEST(Decode, ExifOrientationIsIgnored) {
  Bytes bytes = encode_jpeg(picture(32, 16), 90);
  const Bytes exif = bytes_of(
      std::string_view("\xff\xe1\x00\x22"
                       "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
                       36));
  bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
  EXPECT_EQ(decode(bytes).rgb.size(), cv::Size(32, 16));
}

TEST(Decode, AFaultyColourProfileIsPassedOverInSilence) {
  const cv::Mat rgb = picture(12, 9);
  Bytes png = encode_png(rgb);
  const std::string chunk("iCCPnot a profile\0\0damaged", 26);
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(chunk.data()), 26);
  Bytes whole{0, 0, 0, 22};
  whole.insert(whole.end(), chunk.begin(), chunk.end());
  for (int shift = 24; shift >= 0; shift -= 8)
    whole.push_back(static_cast<std::uint8_t>(sum >> shift));
  png.insert(png.begin() + 33, whole.begin(), whole.end());

  testing::internal::CaptureStderr();
  const auto decoded = decode(png);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_EQ(decoded.bad, Bad::kNone) << decoded.detail;
  EXPECT_EQ(difference(decoded.rgb, rgb), 0);
}

TEST(Decode, TruncatedFilesAreFoundAtEveryLength) {
  cv::Mat noise(48, 64, CV_8UC3);
  cv::randu(noise, 0, 256);
  for (const Bytes& whole :
       {encode_jpeg(noise, 90), encode_png(noise), encode(".webp", noise), encode(".bmp", noise)}) {
    ASSERT_EQ(decode(whole).bad, Bad::kNone);
    for (std::size_t part = 1; part < 20; ++part) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<long>(whole.size() * part / 20));
      const Decoded decoded = decode(cut);
      EXPECT_EQ(decoded.bad, Bad::kTruncated) << part << "/20: " << decoded.detail;
      EXPECT_TRUE(decoded.rgb.empty());
      EXPECT_FALSE(decoded.detail.empty());
    }
  }
}

TEST(Decode, ProgressiveJpegAndJunkAfterTheEndAreFine) {
  cv::Mat bgr = picture(64, 48);
  Bytes bytes;
  cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  EXPECT_EQ(decode(bytes).bad, Bad::kNone);
  bytes.insert(bytes.end(), 100, 0x41);
  EXPECT_EQ(decode(bytes).bad, Bad::kNone);
}

TEST(Decode, WhatIsNotAPictureSaysWhatItIs) {
  EXPECT_EQ(decode({}).bad, Bad::kNotAnImage);
  EXPECT_THAT(decode({}).detail, HasSubstr("empty"));
  EXPECT_THAT(decode(bytes_of("<!DOCTYPE html><title>404</title>")).detail, HasSubstr("web page"));
  EXPECT_THAT(decode(bytes_of("GIF89a............")).detail, HasSubstr("GIF"));
  EXPECT_THAT(decode(bytes_of("hello")).detail, HasSubstr("68 65 6c"));
  Bytes animation = bytes_of(std::string_view("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x02", 21));
  animation.resize(40);
  EXPECT_EQ(decode(animation).bad, Bad::kNotAnImage);
  EXPECT_THAT(decode(animation).detail, HasSubstr("animated"));
  for (const char* text :
       {"hello", "BM", "RIFF", "\x89PNG", "P6 1 1 255\n123", "BMWs are cars...."})
    EXPECT_EQ(decode(bytes_of(text)).bad, Bad::kNotAnImage) << text;
}

TEST(Decode, HugePicturesAreRefusedFromTheirHeader) {
  Bytes png = encode_png(picture(8, 8));
  png[16] = png[20] = 0;
  png[17] = png[21] = 1;  // 65536 + 8 each
  const Decoded bomb = decode(png);
  EXPECT_EQ(bomb.bad, Bad::kTooLarge);
  EXPECT_THAT(bomb.detail, HasSubstr("65544 x 65544"));

  Bytes jpeg = encode_jpeg(picture(8, 8), 90);
  for (std::size_t i = 0; i + 8 < jpeg.size(); ++i)
    if (jpeg[i] == 0xff && jpeg[i + 1] == 0xc0)
      for (std::size_t k = 5; k < 9; ++k) jpeg[i + k] = 0xfe;
  EXPECT_EQ(decode(jpeg).bad, Bad::kTooLarge);

  Bytes bmp = encode(".bmp", picture(8, 8));
  bmp[18 + 3] = bmp[22 + 3] = 0x40;
  EXPECT_EQ(decode(bmp).bad, Bad::kTooLarge);
}

// A changed byte may make a file bad or change its pixels; it must never do worse.
TEST(Decode, SurvivesDamagedBytes) {
  core::Stream random = core::stream(3, "damage");
  cv::Mat noise(24, 24, CV_8UC3);
  cv::randu(noise, 0, 256);
  for (const Bytes& whole :
       {encode_jpeg(noise, 80), encode_png(noise), encode(".webp", noise), encode(".bmp", noise)})
    for (int trial = 0; trial < 300; ++trial) {
      Bytes bytes = whole;
      for (int k = 0; k < 3; ++k)
        bytes[random.below(trial % 2 ? 60 : bytes.size())] =
            static_cast<std::uint8_t>(random.bits32());
      const Decoded decoded = decode(bytes);
      EXPECT_EQ(decoded.rgb.empty(), decoded.bad != Bad::kNone);
    }
}

TEST(Decode, EveryReasonHasAWord) {
  EXPECT_EQ(word(Bad::kNotAnImage), "not an image");
  for (int i = 0; i <= static_cast<int>(Bad::kBadRow); ++i)
    EXPECT_FALSE(word(static_cast<Bad>(i)).empty());
}

}  // namespace
}  // namespace theriac::data
