// The only file that knows yaml-cpp. Its events are used instead of its nodes: nodes hide duplicate
// keys and quotes, and expand aliases.

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <sstream>
#include <unordered_map>

#include "config/node.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

using Node = Document::Node;

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::size_t kMostDepth = 32;
constexpr std::size_t kMostProblems = 20;
constexpr int kMostOpenBrackets = 1000;  // yaml-cpp takes quadratic time for them

struct Stop {};

class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, std::shared_ptr<const Source> source, std::string_view dotted,
          std::vector<std::string>& problems)
      : text_(text), source_(std::move(source)), dotted_(dotted), problems_(problems) {}

  NodePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) stop(mark, "a key is missing before ':'");
    refuse_anchor(mark, anchor);
    place(mark, Node::Kind::kNull);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    stop(mark, "aliases (*name) are not supported; write the value out, or use 'base:'");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (tag == "!") check_quote(mark);
    if (expects_key()) {
      take_key(mark, value, tag == "?");
      return;
    }
    const NodePtr node = place(mark, Node::Kind::kScalar);
    node->text = value;
    node->quoted = tag != "?";
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kList);
  }
  void OnSequenceEnd() override { stack_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kMap);
  }
  void OnMapEnd() override { stack_.pop_back(); }

 private:
  struct Frame {
    NodePtr node;
    std::optional<std::string> key;
    YAML::Mark key_mark;
    bool drop = false;                                    // the key is a duplicate
    std::unordered_map<std::string, std::string> seen{};  // key -> where
  };

  bool expects_key() const {
    return !stack_.empty() && stack_.back().node->is_map() && !stack_.back().key;
  }

  std::string where(const YAML::Mark& mark) const {
    if (source_->is_set) return source_->name;
    return fmt::format("{}:{}:{}", source_->name, mark.line + 1, mark.column + 1);
  }
  void report(const YAML::Mark& mark, std::string_view message) {
    problems_.push_back(fmt::format("{}: {}", where(mark), message));
    if (problems_.size() >= kMostProblems) throw Stop{};
  }
  [[noreturn]] void stop(const YAML::Mark& mark, std::string_view message) {
    problems_.push_back(fmt::format("{}: {}", where(mark), message));
    throw Stop{};
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0)
      report(mark, "anchors (&name) are not supported; write the value out, or use 'base:'");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag != "?" && tag != "!" && !tag.empty())
      report(mark, fmt::format("tags ('{}') are not supported; remove it", tag));
  }

  // yaml-cpp ends an open quote at the end of the file, so that the keys below it would be lost.
  void check_quote(const YAML::Mark& mark) {
    const auto start = static_cast<std::size_t>(mark.pos);
    if (start >= text_.size() || (text_[start] != '"' && text_[start] != '\'')) return;
    const char quote = text_[start];
    for (std::size_t i = start + 1; i < text_.size(); ++i) {
      if (quote == '"' && text_[i] == '\\')
        ++i;
      else if (text_[i] == quote)  // '' is two quotes in a row: the second one opens and closes too
        return;
    }
    stop(mark, "not valid YAML: this quote is never closed");
  }

  void take_key(const YAML::Mark& mark, const std::string& key, bool plain) {
    Frame& frame = stack_.back();
    const std::string dotted = join_key(frame.node->dotted, key);
    if (key.empty()) stop(mark, "an empty key");
    if (plain && key == "<<")
      report(mark, fmt::format("{}: merge keys are not supported; use 'base:'", dotted));
    const auto [first, fresh] = frame.seen.emplace(key, where(mark));
    if (!fresh) report(mark, fmt::format("{}: duplicate key (first at {})", dotted, first->second));
    frame.drop = !fresh;
    frame.key = key;
    frame.key_mark = mark;
  }

  NodePtr place(const YAML::Mark& mark, Node::Kind kind) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->source = source_;
    YAML::Mark at = mark;
    if (stack_.empty()) {
      node->dotted = dotted_;
      root_ = node;
    } else if (Frame& frame = stack_.back(); frame.node->is_map()) {
      node->dotted = join_key(frame.node->dotted, *frame.key);
      at = frame.key_mark;
      if (!frame.drop) frame.node->members.emplace_back(*frame.key, node);
      frame.key.reset();
    } else {
      node->dotted = join_key(frame.node->dotted, std::to_string(frame.node->items.size()));
      frame.node->items.push_back(node);
    }
    node->line = at.line + 1;
    node->column = at.column + 1;
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    if (expects_key())
      stop(mark, "a key must be a word, not a map or a list; or a bracket is not closed");
    if (stack_.size() >= kMostDepth)
      stop(mark, fmt::format("nested deeper than {} levels", kMostDepth));
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    const NodePtr node = place(mark, kind);
    stack_.push_back(Frame{node, {}, {}});
  }

  std::string_view text_;
  std::shared_ptr<const Source> source_;
  std::string dotted_;
  std::vector<std::string>& problems_;
  NodePtr root_;
  std::vector<Frame> stack_;
};

// What yaml-cpp would misread or stop at silently: other encodings and control characters.
std::string unreadable(std::string_view text, const Source& source) {
  if (text.size() > kMostBytes)
    return fmt::format("{}: larger than 1 MiB; not a configuration file?", source.name);
  int line = 1, column = 1, open = 0;
  for (const char c : text) {
    open = c == '[' || c == '{' ? open + 1 : open - ((c == ']' || c == '}') && open > 0);
    if (open > kMostOpenBrackets)
      return fmt::format("{}: nested deeper than {} levels", source.name, kMostDepth);
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') {
      const std::string at =
          source.is_set ? source.name : fmt::format("{}:{}:{}", source.name, line, column);
      return fmt::format("{}: a control character (0x{:02x}); not a text file?", at, byte);
    }
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n';
  }
  if (!core::valid_utf8(text)) return fmt::format("{}: not valid UTF-8", source.name);
  return "";
}

}  // namespace

NodePtr parse_text(std::string_view text, std::shared_ptr<const Source> source,
                   std::string_view dotted, std::vector<std::string>& problems) {
  constexpr std::string_view bom = "\xEF\xBB\xBF";
  if (text.substr(0, bom.size()) == bom) text.remove_prefix(bom.size());
  if (std::string message = unreadable(text, *source); !message.empty()) {
    problems.push_back(std::move(message));
    return nullptr;
  }
  std::istringstream stream{std::string(text)};
  Builder builder(text, source, dotted, problems);
  const auto at = [&](const YAML::Mark& mark) {
    return source->is_set || mark.is_null()
               ? source->name
               : fmt::format("{}:{}:{}", source->name, mark.line + 1, mark.column + 1);
  };
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return nullptr;
    std::vector<std::string> ignored;
    Builder second(text, source, dotted, ignored);
    if (parser.HandleNextDocument(second))
      problems.push_back(fmt::format("{}: more than one YAML document ('---'); keep one",
                                     second.root() ? second.root()->position() : source->name));
  } catch (const Stop&) {
  } catch (const YAML::Exception& error) {
    problems.push_back(fmt::format("{}: not valid YAML: {}", at(error.mark), error.msg));
  } catch (const std::exception& error) {  // yaml-cpp lets std::out_of_range and the like escape
    problems.push_back(fmt::format("{}: not valid YAML: {}", source->name, error.what()));
  }
  return builder.root();
}

}  // namespace theriac::config
