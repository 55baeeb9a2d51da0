// The pickle machine, cut down to what describes data.
// Source: CPython, Lib/pickletools.py (opcodes), PEP 3154; torch/_utils.py for the arguments of
// _rebuild_tensor_v2, torch/serialization.py for persistent ids.
#include "checkpoint/pickle.h"

#include <bit>
#include <cstring>
#include <map>
#include <utility>

#include "theriac/core/error.h"

namespace theriac::checkpoint::pickle {
namespace {

using Kind = Node::Kind;

constexpr std::size_t kMostNodes = 20'000'000;

const std::map<std::string, c10::ScalarType, std::less<>>& storage_types() {
  static const std::map<std::string, c10::ScalarType, std::less<>> types = {
      {"torch DoubleStorage", c10::kDouble}, {"torch FloatStorage", c10::kFloat},
      {"torch HalfStorage", c10::kHalf},     {"torch BFloat16Storage", c10::kBFloat16},
      {"torch LongStorage", c10::kLong},     {"torch IntStorage", c10::kInt},
      {"torch ShortStorage", c10::kShort},   {"torch CharStorage", c10::kChar},
      {"torch ByteStorage", c10::kByte},     {"torch BoolStorage", c10::kBool}};
  return types;
}

bool is_module_class(const Node& node) {
  return node.kind == Kind::kGlobal && node.text.starts_with("__torch__");
}

class Machine {
 public:
  Machine(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  Pickle run() {
    while (true) {
      const auto code = static_cast<unsigned char>(take(1)[0]);
      if (code == '.') break;
      if (!data(code) && !containers(code) && !memory(code)) objects(code);
    }
    result_.root = pop();
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(file_ + ": byte " + std::to_string(at_) + " of its pickle: " + why);
  }

  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) fail("truncated");
    const auto result = bytes_.substr(at_, count);
    at_ += count;
    return result;
  }
  template <class Integer>
  Integer number() {
    Integer value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view line() {
    const auto end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) fail("truncated");
    const auto result = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return result;
  }

  Node* make(Kind kind) {
    if (result_.arena.size() >= kMostNodes) fail("more values than a checkpoint has");
    result_.arena.push_back(std::make_unique<Node>());
    result_.arena.back()->kind = kind;
    return result_.arena.back().get();
  }
  Node* push(Kind kind) {
    stack_.push_back(make(kind));
    return stack_.back();
  }
  void push_text(Kind kind, std::string_view text) { push(kind)->text = text; }
  void push_integer(Kind kind, std::int64_t value) { push(kind)->integer = value; }

  Node* pop() {
    if (stack_.empty() || stack_.back()->kind == Kind::kMark) fail("it takes what is not there");
    Node* const node = stack_.back();
    stack_.pop_back();
    return node;
  }
  Nodes pop_to_mark() {
    std::size_t from = stack_.size();
    while (from > 0 && stack_[from - 1]->kind != Kind::kMark) --from;
    if (from == 0) fail("it takes what is not there");
    Nodes items(stack_.begin() + static_cast<std::ptrdiff_t>(from), stack_.end());
    stack_.resize(from - 1);
    return items;
  }
  Node& top(Kind kind) {
    if (stack_.empty() || stack_.back()->kind != kind)
      fail("a value of another type than expected");
    return *stack_.back();
  }
  void push_tuple(Nodes items) { push(Kind::kTuple)->items = std::move(items); }
  void push_tuple(std::size_t count) {
    Nodes items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    push_tuple(std::move(items));
  }

  std::int64_t long_integer(std::uint64_t count) {
    const auto digits = take(count);
    if (count > 8) fail("an integer of more than 64 bits");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
      value |= std::uint64_t{static_cast<unsigned char>(digits[i])} << (8 * i);
    if (count > 0 && count < 8 && digits.back() < 0) value |= ~std::uint64_t{0} << (8 * count);
    return static_cast<std::int64_t>(value);
  }

  bool data(unsigned char code) {
    switch (code) {
      case 0x80:  // PROTO
        if (const auto version = number<std::uint8_t>(); version < 2 || version > 5)
          fail("protocol " + std::to_string(version) + "; 2 to 5 can be read");
        return true;
      case 0x95:
        number<std::uint64_t>();
        return true;  // FRAME
      case 'N':
        push(Kind::kNone);
        return true;
      case 0x88:
        push_integer(Kind::kBool, 1);
        return true;
      case 0x89:
        push_integer(Kind::kBool, 0);
        return true;
      case 'J':
        push_integer(Kind::kInt, number<std::int32_t>());
        return true;
      case 'K':
        push_integer(Kind::kInt, number<std::uint8_t>());
        return true;
      case 'M':
        push_integer(Kind::kInt, number<std::uint16_t>());
        return true;
      case 0x8a:
        push_integer(Kind::kInt, long_integer(number<std::uint8_t>()));
        return true;
      case 'G': {  // big-endian
        const auto bits = __builtin_bswap64(number<std::uint64_t>());
        push(Kind::kFloat)->number = std::bit_cast<double>(bits);
        return true;
      }
      case 'X':
        push_text(Kind::kString, take(number<std::uint32_t>()));
        return true;
      case 0x8c:
        push_text(Kind::kString, take(number<std::uint8_t>()));
        return true;
      case 0x8d:
        push_text(Kind::kString, take(number<std::uint64_t>()));
        return true;
      case 'U':
        push_text(Kind::kString, take(number<std::uint8_t>()));
        return true;
      case 'T':
        push_text(Kind::kString, take(number<std::uint32_t>()));
        return true;
      case 'B':
        push_text(Kind::kBytes, take(number<std::uint32_t>()));
        return true;
      case 'C':
        push_text(Kind::kBytes, take(number<std::uint8_t>()));
        return true;
      default:
        return false;
    }
  }

  bool containers(unsigned char code) {
    switch (code) {
      case '(':
        push(Kind::kMark);
        return true;
      case ')':
        push_tuple(Nodes{});
        return true;
      case 't':
        push_tuple(pop_to_mark());
        return true;
      case 0x85:
        push_tuple(1);
        return true;
      case 0x86:
        push_tuple(2);
        return true;
      case 0x87:
        push_tuple(3);
        return true;
      case ']':
        push(Kind::kList);
        return true;
      case '}':
        push(Kind::kDict);
        return true;
      case 'a':
        extend(Kind::kList, {pop()});
        return true;
      case 'e':
        extend(Kind::kList, pop_to_mark());
        return true;
      case 's': {
        Node* const value = pop();
        Node* const key = pop();
        extend(Kind::kDict, {key, value});
        return true;
      }
      case 'u':
        extend(Kind::kDict, pop_to_mark());
        return true;
      default:
        return false;
    }
  }
  void extend(Kind kind, const Nodes& items) {
    if (kind == Kind::kDict && items.size() % 2 != 0) fail("a key without its value");
    auto& target = top(kind).items;
    target.insert(target.end(), items.begin(), items.end());
  }

  bool memory(unsigned char code) {
    const auto put = [&](std::uint64_t key) {
      if (stack_.empty()) fail("it takes what is not there");
      memo_[key] = stack_.back();
    };
    const auto get = [&](std::uint64_t key) {
      const auto found = memo_.find(key);
      if (found == memo_.end()) fail("it takes what is not there");
      stack_.push_back(found->second);
    };
    switch (code) {
      case 'q':
        put(number<std::uint8_t>());
        return true;
      case 'r':
        put(number<std::uint32_t>());
        return true;
      case 0x94:
        put(memo_.size());
        return true;
      case 'h':
        get(number<std::uint8_t>());
        return true;
      case 'j':
        get(number<std::uint32_t>());
        return true;
      default:
        return false;
    }
  }

  void objects(unsigned char code) {
    switch (code) {
      case 'c': {
        const auto module = line(), name = line();
        return push_text(Kind::kGlobal, std::string(module) + " " + std::string(name));
      }
      case 0x93: {
        const auto name = pop()->text, module = pop()->text;
        return push_text(Kind::kGlobal, module + " " + name);
      }
      case 'Q':
        return persistent(*pop());
      case 'R': {
        const Node& arguments = *pop();
        return call(*pop(), arguments);
      }
      case 0x81: {  // NEWOBJ
        pop();
        if (const Node& type = *pop(); !is_module_class(type)) refuse(type);
        push(Kind::kDict);
        return;
      }
      case 'b': {  // BUILD: the attributes of an object
        const Nodes attributes = pop()->items;
        return extend(Kind::kDict, attributes);
      }
      default:
        fail("opcode " + std::to_string(code) +
             " is not used by checkpoints; load the file where you trust it and save its "
             "state_dict again");
    }
  }

  [[noreturn]] void refuse(const Node& callee) const {
    fail("it asks for '" + callee.text +
         "', which is not a tensor, dict, list, number or string. Nothing in a checkpoint is "
         "executed: load the file where you trust it and save its state_dict again");
  }

  // ('storage', type, key, location, elements)
  void persistent(const Node& id) {
    const auto& part = id.items;
    if (id.kind != Kind::kTuple || part.size() != 5 || part[0]->text != "storage" ||
        part[1]->kind != Kind::kGlobal || part[2]->kind != Kind::kString ||
        part[4]->kind != Kind::kInt || part[4]->integer < 0)
      fail("a storage is described in an unknown way");
    const auto type = storage_types().find(part[1]->text);
    if (type == storage_types().end())
      fail("storage type '" + part[1]->text + "' is not supported");
    Node& storage = *push(Kind::kStorage);
    storage.dtype = type->second;
    storage.text = part[2]->text;
    storage.integer = part[4]->integer;
  }

  void call(const Node& callee, const Node& arguments) {
    if (callee.kind != Kind::kGlobal || arguments.kind != Kind::kTuple)
      fail("a value of another type than expected");
    const auto& argument = arguments.items;
    if (callee.text == "torch._utils _rebuild_tensor_v2") return tensor(argument);
    if (callee.text == "collections OrderedDict" && argument.empty()) {
      push(Kind::kDict);
      return;
    }
    const bool wraps = callee.text == "torch._utils _rebuild_parameter" ||
                       callee.text == "torch Size" || callee.text.starts_with("torch.jit._pickle ");
    if (!wraps || argument.empty()) refuse(callee);
    stack_.push_back(argument[0]);
  }

  std::vector<std::int64_t> integers(const Node& tuple) const {
    std::vector<std::int64_t> result;
    for (const Node* item : tuple.items) {
      if (item->kind != Kind::kInt || item->integer < 0)
        fail("a tensor's shape is no list of counts");
      result.push_back(item->integer);
    }
    return result;
  }

  // (storage, offset, sizes, strides, requires_grad, hooks)
  void tensor(const Nodes& argument) {
    if (argument.size() < 4 || argument[0]->kind != Kind::kStorage ||
        argument[1]->kind != Kind::kInt || argument[1]->integer < 0)
      fail("a tensor is described in an unknown way");
    Node& result = *push(Kind::kTensor);
    result.items = {argument[0]};
    result.integer = argument[1]->integer;
    result.sizes = integers(*argument[2]);
    result.strides = integers(*argument[3]);
    if (result.sizes.size() != result.strides.size() || result.sizes.size() > 16)
      fail("a tensor's shape and strides do not fit");
  }

  std::string_view bytes_;
  std::uint64_t at_ = 0;
  const std::string& file_;
  Nodes stack_;
  std::map<std::uint64_t, Node*> memo_;
  Pickle result_;
};

}  // namespace

Pickle read(std::string_view bytes, const std::string& file) { return Machine(bytes, file).run(); }

}  // namespace theriac::checkpoint::pickle
