// JPEG through libjpeg-turbo: scaled decoding, CMYK as Pillow converts it, and damage found. The
// library fills what is missing with grey and only warns; warnings that mean lost picture data
// count as truncated here. Harmless ones (junk between markers, odd Adobe tags) do not.
// clang-format off
#include <cstddef>  // these two before jpeglib.h, which does not bring what it needs
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <csetjmp>
#include <memory>
#include <opencv2/core.hpp>

#include "data/header.h"

namespace theriac::data {
namespace {

struct Errors {
  jpeg_error_mgr base;  // first: libjpeg hands out a pointer to it
  std::jmp_buf jump;
  bool lost = false;  // picture data is missing or damaged
  char message[JMSG_LENGTH_MAX] = "";
};

Errors& errors_of(j_common_ptr info) { return *reinterpret_cast<Errors*>(info->err); }

[[noreturn]] void on_error(j_common_ptr info) {
  Errors& errors = errors_of(info);
  info->err->format_message(info, errors.message);
  std::longjmp(errors.jump, 1);
}

void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;  // traces
  switch (info->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_TOO_MUCH_DATA: {
      Errors& errors = errors_of(info);
      if (!errors.lost) info->err->format_message(info, errors.message);
      errors.lost = true;
      break;
    }
    default:
      break;
  }
}

// Pillow's conversion; the stored values are inverted, as Adobe writes them.
void cmyk_to_rgb(const std::uint8_t* in, std::uint8_t* out, int width) {
  for (int x = 0; x < width; ++x, in += 4, out += 3)
    for (int c = 0; c < 3; ++c) {
      const int product = (255 - in[c]) * in[3] + 128;
      out[c] = static_cast<std::uint8_t>(std::max(0, in[3] - (((product >> 8) + product) >> 8)));
    }
}

struct Decoder {
  jpeg_decompress_struct info;
  Errors errors;
  Decoded result;
  std::vector<std::uint8_t> cmyk;

  Decoder() {
    info.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = on_error;
    errors.base.emit_message = on_message;
    jpeg_create_decompress(&info);
  }
  ~Decoder() { jpeg_destroy_decompress(&info); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Holds no object of its own with a destructor: errors leave it by longjmp.
  bool run(std::span<const std::uint8_t> bytes, int minimum_side) {
    if (setjmp(errors.jump) != 0) return false;
    jpeg_mem_src(&info, bytes.data(), static_cast<unsigned long>(bytes.size()));
    jpeg_read_header(&info, TRUE);
    result.bad = check_size(info.image_width, info.image_height, result.detail);
    if (result.bad != Bad::kNone) return true;
    const auto side = static_cast<int>(std::min(info.image_width, info.image_height));
    info.scale_num = info.scale_denom = 1;
    for (const int scale : {2, 4, 8})
      if (minimum_side > 0 && (side + scale - 1) / scale >= minimum_side)
        info.scale_denom = static_cast<unsigned>(scale);
    const bool is_cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
    info.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    info.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&info);
    const auto width = static_cast<int>(info.output_width);
    result.rgb.create(static_cast<int>(info.output_height), width, CV_8UC3);
    if (is_cmyk) cmyk.resize(static_cast<std::size_t>(width) * 4);
    while (info.output_scanline < info.output_height) {
      std::uint8_t* const target = result.rgb.ptr(static_cast<int>(info.output_scanline));
      std::uint8_t* row = is_cmyk ? cmyk.data() : target;
      jpeg_read_scanlines(&info, &row, 1);
      if (is_cmyk) cmyk_to_rgb(row, target, width);
      if (errors.lost) return true;
    }
    jpeg_finish_decompress(&info);
    return true;
  }
};

}  // namespace

Decoded decode_jpeg(std::span<const std::uint8_t> bytes, int minimum_side) {
  const auto decoder = std::make_unique<Decoder>();
  const bool finished = decoder->run(bytes, minimum_side);
  if (finished && !decoder->errors.lost) return std::move(decoder->result);
  // An error before the first pixel: cut off inside the header, or no picture at all.
  const bool cut = decoder->errors.lost || !decoder->result.rgb.empty();
  return {{}, cut ? Bad::kTruncated : Bad::kNotAnImage, decoder->errors.message};
}

}  // namespace theriac::data
