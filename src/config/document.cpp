#include "theriac/config/document.h"

#include <fmt/core.h>

#include <algorithm>

#include "config/node.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::config {

namespace fs = std::filesystem;

bool is_index(std::string_view key) {
  return !key.empty() && key.size() < 10 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string join_key(std::string_view prefix, std::string_view key) {
  return prefix.empty() ? std::string(key) : fmt::format("{}.{}", prefix, key);
}

void throw_problems(const std::vector<std::string>& problems) {
  constexpr std::size_t most = 50;
  if (problems.empty()) return;
  std::string text = problems.size() == 1
                         ? "1 problem in the configuration:"
                         : fmt::format("{} problems in the configuration:", problems.size());
  for (std::size_t i = 0; i < std::min(problems.size(), most); ++i)
    for (const auto& line : core::split(problems[i], '\n')) text += "\n  " + line;
  if (problems.size() > most) text += fmt::format("\n  ... and {} more", problems.size() - most);
  throw Error(text);
}

namespace {

std::string shortened(const std::string& text) {
  constexpr std::size_t most = 60;
  std::size_t end = std::min(text.size(), most);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  std::string result = text.substr(0, end);
  for (char& c : result)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return end < text.size() ? result + "..." : result;
}

}  // namespace

const Document::Node* Document::Node::find(std::string_view key) const {
  for (const auto& [name, node] : members)
    if (name == key) return node.get();
  return nullptr;
}

std::string Document::Node::position() const {
  if (!source) return "";
  return source->is_set ? source->name : fmt::format("{}:{}:{}", source->name, line, column);
}

std::string Document::Node::shown() const {
  switch (kind) {
    case Kind::kNull:
      return "nothing (null)";
    case Kind::kScalar:
      return fmt::format("{}'{}'", quoted ? "the text " : "", shortened(text));
    case Kind::kMap:
      return "a map";
    case Kind::kList:
      return "a list";
  }
  return "";
}

Document::Document() = default;
Document::Document(std::shared_ptr<Node> node) : node_(std::move(node)) {}
Document::Document(const Document&) = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document other) {
  node_ = std::move(other.node_);
  return *this;
}
Document::~Document() = default;

Document Document::parse(std::string_view text, const std::string& name) {
  std::vector<std::string> problems;
  const auto source = std::make_shared<const Source>(Source{name, fs::current_path(), false});
  Document document(parse_text(text, source, "", problems));
  throw_problems(problems);
  return document;
}

Document Document::take(std::string_view key) {
  const Document taken = is_map() ? at(key) : Document();
  if (!taken.node_) return taken;
  auto rest = std::make_shared<Node>(*node_);
  std::erase_if(rest->members, [&](const auto& member) { return member.first == key; });
  node_ = rest;
  return taken;
}

Document Document::at(std::string_view dotted) const {
  NodePtr node = node_;
  if (dotted.empty()) return *this;
  for (const auto& part : core::split(dotted, '.')) {
    if (!node) break;
    NodePtr next;
    if (node->is_map()) {
      for (const auto& [key, value] : node->members)
        if (key == part) next = value;
    } else if (node->is_list() && is_index(part)) {
      const std::size_t index = std::stoul(part);
      if (index < node->items.size()) next = node->items[index];
    }
    node = next;
  }
  return Document(node);
}

bool Document::empty() const { return !node_ || node_->is_null(); }
bool Document::is_map() const { return node_ && node_->is_map(); }
bool Document::is_list() const { return node_ && node_->is_list(); }
bool Document::is_scalar() const { return node_ && node_->is_scalar(); }

std::vector<std::string> Document::keys() const {
  std::vector<std::string> result;
  if (is_map())
    for (const auto& [key, value] : node_->members) result.push_back(key);
  return result;
}

std::vector<Document> Document::items() const {
  std::vector<Document> result;
  if (is_list())
    for (const auto& item : node_->items) result.push_back(Document(item));
  return result;
}

std::string Document::scalar() const { return is_scalar() ? node_->text : ""; }
std::string Document::position() const { return node_ ? node_->position() : ""; }
std::string Document::dotted() const { return node_ ? node_->dotted : ""; }

}  // namespace theriac::config
