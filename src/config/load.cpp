#include <fmt/core.h>

#include <algorithm>

#include "config/node.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

namespace fs = std::filesystem;
using Node = Document::Node;

// One file and, below it, the files that it names under `base:`.
class Loader {
 public:
  std::vector<std::string> problems;

  NodePtr load(const fs::path& path) {
    const fs::path place = fs::absolute(path).lexically_normal();
    const auto source =
        std::make_shared<const Source>(Source{path.string(), place.parent_path(), false});
    NodePtr own = parse_text(core::read_file(path), source, "", problems);
    if (!own) {  // an empty file
      own = std::make_shared<Node>();
      own->kind = Node::Kind::kMap;
      own->source = source;
    }
    const Node* base = own->find("base");
    if (!base) return own;

    open_.push_back(fs::weakly_canonical(place));
    NodePtr below;
    for (const Node* item : named(*base)) {
      const fs::path file = (path.parent_path() / item->text).lexically_normal();
      below = merged(below, load_base(file, *item));
    }
    open_.pop_back();
    auto rest = std::make_shared<Node>(*own);
    std::erase_if(rest->members, [](const auto& member) { return member.first == "base"; });
    return merged(below, rest);
  }

 private:
  std::vector<const Node*> named(const Node& base) {
    std::vector<const Node*> files;
    if (base.is_list())
      for (const auto& item : base.items) files.push_back(item.get());
    else
      files.push_back(&base);
    std::erase_if(files, [&](const Node* file) {
      const bool wrong = !file->is_scalar() || file->text.empty();
      if (wrong)
        problems.push_back(fmt::format("{}: base: expected a file or a list of files, got {}",
                                       file->position(), file->shown()));
      return wrong;
    });
    return files;
  }

  NodePtr load_base(const fs::path& file, const Node& item) {
    const auto complain = [&](const std::string& message) {
      problems.push_back(fmt::format("{}: base: {}", item.position(), message));
      return nullptr;
    };
    if (std::find(open_.begin(), open_.end(), fs::weakly_canonical(fs::absolute(file))) !=
        open_.end())
      return complain(fmt::format("a circle: {} is already being read", file.string()));
    if (open_.size() >= 16) return complain("more than 16 files deep");
    try {
      return load(file);
    } catch (const Error& error) {
      return complain(error.what());
    }
  }

  std::vector<fs::path> open_;
};

}  // namespace

Document Document::load(const fs::path& path) {
  Loader loader;
  const NodePtr node = loader.load(path);
  throw_problems(loader.problems);
  return Document(node);
}

}  // namespace theriac::config
