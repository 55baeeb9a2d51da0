#pragma once

#include <string>
#include <string_view>

namespace theriac::report {

// Text that is safe inside HTML and XML elements and quoted attributes. Characters that XML forbids
// are dropped; bytes that are not UTF-8 become '?'.
std::string markup(std::string_view text);
std::string prose(std::string_view text);  // for HTML: neither 5 % nor 1e-3 is broken by a line
std::string latex(std::string_view text);
std::string csv_field(std::string_view text);   // RFC 4180: quoted when it has to be
std::string shell_word(std::string_view text);  // one argument of a POSIX shell
std::string json_for_html(std::string json);    // JSON that cannot end its <script> element

}  // namespace theriac::report
