# theriac_flags(<target>): the warnings and code-generation flags of the project's own code.
# -ffp-contract=off: no fused multiply-add, so that random streams and scenes are the same on every machine.
function(theriac_flags target)
  target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Winvalid-pch
      -Wno-missing-field-initializers # designated initialisers leave the rest at their defaults
      -Wno-restrict                   # g++ 12 reports it falsely for std::string
      -ffp-contract=off
      $<$<BOOL:${THERIAC_WERROR}>:-Werror>)
endfunction()
