#pragma once

#include <string>
#include <string_view>

namespace theriac::text {

// What CLIP's tokenizer does to a caption before it looks for pieces (clean='lower' of open_clip):
// ftfy.fix_text, html.unescape twice, runs of white space to one blank, str.lower. Missing of ftfy:
// text that was decoded with a wrong encoding ("cafÃ©") stays as it is; C1 control characters
// become what they are in Windows-1252 even where ftfy would find a whole wrong encoding there;
// entities in entities ("&amp;amp;") are resolved to a depth of 32, so that no caption takes long.
std::u32string clean_caption(std::string_view utf8);

}  // namespace theriac::text
