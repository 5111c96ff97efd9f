package dev.snoozy.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

/** A hostile template meets a limit before it takes the time, the stack or the memory it wants. */
class TemplateLimitsTest {
    /** Loops of far more iterations than a rendering may take. */
    private static final String FOREVER =
            "{%% for i in range(100000) %%}{%% for j in range(100000) %%}%s"
                    + "{%% endfor %%}{%% endfor %%}";

    /** Fifty thousand values, each made of the one before. */
    private static final String DEEP =
            "{%% set ns = namespace(x=%s) %%}{%% for i in range(50000) %%}"
                    + "{%% set ns.x = %s %%}{%% endfor %%}";

    private static TemplateException failure(String source) {
        TemplateException failure =
                catchThrowableOfType(
                        TemplateException.class,
                        () -> ChatTemplate.parse(source).render(Map.of("text", "x")));
        assertThat(failure).as("failure of %s", source).isNotNull();
        return failure;
    }

    private static void assertLimit(String source, String reason) {
        TemplateException failure = failure(source);
        assertThat(failure).hasMessageContaining(reason);
        assertThat(failure.kind()).isEqualTo(TemplateException.Kind.LIMIT);
        assertThat(failure.line()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{{ i }}",
                "{% if i %}{% continue %}{% endif %}",
                "{% set x = loop.length + i %}",
                "{% set x = [i, j] | map('string') | join %}",
            })
    void nestedLoopsStopAfterSomeSteps(String body) {
        assertLimit(FOREVER.formatted(body), "more than 5000000 steps");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ (range(100000) | list * 100) | sort }}",
                "{{ (range(100000) | list * 50) | groupby(none) | length }}",
                "{{ (range(100000) | list * 80) | sum }}",
                "{{ ('ab' * 4000000) | list | length }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}"
                        + "{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}"
                        + "{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
                "{{ 5 in (range(100000) | list * 80) }}{{ -5 in (range(100000) | list * 80) }}",
            })
    void goingThroughManyElementsStopsAfterSomeSteps(String source) {
        assertLimit(source, "more than 5000000 steps");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'x' * 10**9 }}",
                "{{ 10**30 * 'x' }}",
                "{{ '%999999999d' % 1 }}",
                "{{ '%.999999999d' % 1 }}",
                "{{ '%*d' % (10**20, 1) }}",
                "{{ '%.999999999f' % 1 }}",
                "{{ '%-999999999s' % 1 }}",
                "{{ '{:>999999999}'.format(1) }}",
                "{{ '{:0999999999,}'.format(1) }}",
                "{{ '{:.999999999f}'.format(1) }}",
                "{{ '{:{}}'.format(1, 10**8) }}",
                "{{ '{0}{0}'.format('a' * 16000000) }}",
                "{{ '{0:16000000}{0:16000000}'.format('a') }}",
                "{{ ('%s' * 10) % (('x' * 2000000,) * 10) }}",
                "{{ 'x' | center(10**9) }}",
                "{{ 'x'.ljust(10**20) }}",
                "{{ 'x'.rjust(10**9) }}",
                "{{ 'x'.zfill(10**9) }}",
                "{{ '\t\t'.expandtabs(10**9) }}",
                "{{ ('x\\n' * 1000000) | indent(1000000) }}",
                "{{ ('x\\n' * 1000000) | indent('x' * 16000000) }}",
                "{{ ('a ' * 100) | wordwrap(1, true, 'x' * 10000000) }}",
                "{{ ('x' * 10000000).replace('x', 'y' * 10000000) }}",
                "{{ ('x' * 10000000) | replace('', 'y' * 10000000) }}",
                "{{ (['x'] * 100) | join('y' * 10000000) }}",
                "{{ ('y' * 10000000).join(['x'] * 100) }}",
                "{{ {'a': {'b': 1}} | tojson(indent=10**9) }}",
                "{{ {'a': {'b': 1}} | tojson(indent=16000000) }}",
                "{{ [1, 2, 3] | tojson(separators=('x' * 9000000, ':')) }}",
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}"
                        + "{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}"
                        + "{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}"
                        + "{% set ns.s %}{{ ns.s }}{{ ns.s }}{% endset %}{% endfor %}",
                "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}",
            })
    void aLongStringIsRefusedBeforeItIsMade(String source) {
        assertLimit(source, "is longer than 16777216");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ [0] * 10**9 }}",
                "{{ (0,) * 10**30 }}",
                "{{ ([0] * 100000) * 100000 }}",
                "{{ range(100000) | batch(10**18, 0) | list }}",
                "{{ range(100000) | slice(10**9) | list }}",
                "{{ ([[1]] * 100000) | sum(start=[]) }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}"
                        + "{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{{ (' ' ~ 'x' * 15000000) | wordwrap(1) }}",
                "{{ ('-' * 15000000 ~ 'a') | wordwrap(2) }}",
            })
    void aLargeCollectionIsRefusedBeforeItIsMade(String source) {
        assertLimit(source, "handles more than 268435456 characters");
    }

    /** Each is quick once, and would take hours in the loops without a price by its length. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "big.startswith((big,) * 1000)",
                "keys[twin]",
                "big is sameas twin",
                "big == twin",
                "big < twin",
                "big in twin",
                "[big] == [twin]",
                "big | length",
                "'a'.strip(big)",
                "'a'.count(big)",
                "[1] | map(attribute=big) | list",
                "[] | sort(attribute=big)",
                "big[::-1]",
                "big.find('ab')",
                "big.rfind('b' * 17)",
                "big.upper()",
                "big.isalpha()",
                "big | wordcount",
                "big | title",
                "big | e",
                "big | striptags",
                "('é' * 1000000) | urlencode",
                "big | tojson",
                "[big] | string",
                "big.split('b')",
                "big ~ ''",
                "strftime_now(big)",
                "'\t'.expandtabs(4000000)",
            })
    void workOnLongStringsIsCounted(String expression) {
        String prologue =
                "{% set big = 'é' * 4000000 %}{% set twin = 'é' * 4000000 %}{% set keys = {big: 1} %}";
        assertLimit(
                prologue + FOREVER.formatted("{% set x = " + expression + " %}"),
                "handles more than 268435456 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "('&' * 16000000) | striptags | length",
                "('<' * 16000000) | striptags | length",
                "('<!--' * 4000000) | striptags | length",
                "('-' * 15000000 ~ 'a') | wordwrap(15000001) | length",
                "(' ' ~ '-' * 15000000 ~ 'a') | wordwrap(15000002) | length",
                "(' ' ~ 'a' * 15000000) | wordwrap(15000002) | length",
                "('ab' * 100000).count('b' * 17)",
                "('9' * 10000000) | int(base=7)",
                "('9_' * 1000000 ~ '9') | float",
                "'{:016000000,}'.format(1) | length",
                "('\u0001' * 1000000) | tojson | length",
                "[('\u0001' * 1000000)] | string | length",
            })
    void hostileTextTakesTimeByItsLengthOnly(String expression) {
        String found = ChatTemplate.parse("{{ " + expression + " }}").render(Map.of());
        assertThat(found).matches("[0-9]+|inf");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2 ** 65536 * 2",
                "10 ** 10000000000",
                "(10 ** 10) ** (10 ** 10)",
                "2 ** 65535 * 2 ** 65535",
                "7 ** (10 ** 100)",
            })
    void aLargeIntegerIsRefusedBeforeItIsMade(String expression) {
        assertLimit("{{ " + expression + " }}", "bits is larger than 65536");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a // b",
                "a % b",
                "b / a",
                "a * 1",
                "a < 1.5",
                "a == b",
                "'%x' % a",
                "a - b"
            })
    void workOnLargeIntegersIsCounted(String expression) {
        String prologue = "{% set a = 3 ** 20000 %}{% set b = 7 ** 5001 %}";
        assertLimit(
                prologue + FOREVER.formatted("{% set x = " + expression + " %}"),
                "handles more than 268435456 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(n) %}{% filter upper %}{% for i in [n] %}{% if i %}{{ f(n) ~ f(n) }}"
                        + "{% endif %}{% endfor %}{% endfilter %}{% endmacro %}{{ f(1) }}",
                "{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}",
                "{% macro f(x=f()) %}{% endmacro %}{{ f() }}",
                "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{% for x in [1] recursive %}{{ loop([1, 2, 3]) }}{% endfor %}",
            })
    void endlessRecursionMeetsTheLimitOfDepth(String source) {
        assertLimit(source, "nests more than 600 levels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ns.x",
                "ns.x | string",
                "ns.x | tojson",
                "ns.x | tojson(indent=1)",
                "ns.x | pprint",
                "ns.x == twin",
                "ns.x < twin",
                "'%s' % [ns.x]",
                "'{}'.format(ns.x)",
            })
    void deepListsMeetTheLimitOfDepth(String use) {
        String two =
                DEEP.formatted("1", "[ns.x]")
                        + "{% set twin = ns.x %}"
                        + DEEP.formatted("1", "[ns.x]")
                        + "{{ "
                        + use
                        + " }}";
        assertLimit(two, "nests more than 600 levels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ns.x | map('string')",
                "ns.x | select",
                "ns.x | rejectattr('a')",
                "ns.x | unique",
                "ns.x | batch(1)",
                "ns.x | slice(1)",
            })
    void iteratorsOfIteratorsMeetTheLimitOfDepth(String step) {
        assertLimit(
                DEEP.formatted("[1, 2]", step) + "{{ ns.x | list }}", "nests more than 600 levels");
    }

    @Test
    void deepDictionariesAndKeysMeetTheLimitOfDepth() {
        assertLimit(
                DEEP.formatted("1", "{'a': ns.x}") + "{{ ns.x | tojson }}",
                "nests more than 600 levels");
        assertLimit(
                DEEP.formatted("1", "(ns.x,)") + "{{ {ns.x: 1} }}", "nests more than 600 levels");
    }

    @Test
    void aNamespaceThatHoldsItselfCannotBePrinted() {
        assertLimit(
                "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}",
                "nests more than 600 levels");
        assertLimit(
                "{% set ns = namespace() %}{% set ns.a = [ns] %}{{ ns.a }}",
                "nests more than 600 levels");
        assertThat(failure("{% set ns = namespace() %}{% set ns.a = [ns] %}{{ ns.a | tojson }}"))
                .hasMessageContaining("Namespace is not JSON serializable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{1:", "-", "not ", "a[", "f(", "1 if x else ", "a.b(c|d("})
    void deepNestingOfAnExpressionIsNoTemplate(String opening) {
        TemplateException failure = failure("{{ " + opening.repeat(100_000) + "1");
        assertThat(failure.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
        assertThat(failure).hasMessageContaining("the template nests more than 120 levels");
        TemplateException closed = failure("{{ " + opening.repeat(100_000) + "1 }}");
        assertThat(closed.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if 1 %}",
                "{% for x in y %}",
                "{% macro f() %}",
                "{% set x %}",
                "{% filter upper %}",
                "{% call f() %}",
                "{% with %}",
                "{% generation %}",
                "{% if 1 %}{% else %}{% for x in y %}",
            })
    void deepNestingOfBlocksIsNoTemplate(String opening) {
        TemplateException failure = failure(opening.repeat(100_000));
        assertThat(failure.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
        assertThat(failure).hasMessageContaining("the template nests more than 120 levels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" + 1", ".a", "[0]", "()", " | e", " and 1", " or 1", " ** 1", " is odd"})
    void aLongChainOfOperatorsIsNoTemplate(String link) {
        TemplateException failure = failure("{{ x" + link.repeat(100_000) + " }}");
        assertThat(failure.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
    }

    @Test
    void chainsInsideChainsAreNoTemplate() {
        String source = "x";
        for (int i = 0; i < 40; i++) {
            String deeper = "(" + source + ")";
            for (String link : List.of(".a", " ** 1", " * 1", " + 1", " and 1", " or 1")) {
                deeper += link.repeat(300);
            }
            source = deeper;
        }
        TemplateException failure = failure("{{ " + source + " }}");
        assertThat(failure.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
        assertThat(failure).hasMessageContaining("an expression nests more than 500 levels");
    }

    @Test
    void wideTemplatesAreRead() {
        assertThat(ChatTemplate.parse("{{ 1 ~ 1" + " ~ 1".repeat(9_998) + " }}").render(Map.of()))
                .isEqualTo("1".repeat(10_000));
        assertThat(ChatTemplate.parse("{% if x %}{% endif %}".repeat(10_000)).render(Map.of()))
                .isEmpty();
        String choices = "{% elif x == 1 %}a".repeat(10_000);
        assertThat(ChatTemplate.parse("{% if x %}" + choices + "{% endif %}").render(Map.of()))
                .isEmpty();
    }

    @Test
    void manyNamesInManyBranchesAreRefused() {
        StringBuilder source = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            source.append("{{a").append(i).append("}}");
        }
        source.append("{%if a%}{%endif%}".repeat(20_000));
        assertThat(failure(source.toString()))
                .hasMessageContaining("too many names in too many branches");
    }

    @Test
    void scopesOfManyNamesAreCounted() {
        StringBuilder body = new StringBuilder("{% if false %}");
        for (int i = 0; i < 50_000; i++) {
            body.append("{{a").append(i).append("}}");
        }
        assertLimit(
                FOREVER.formatted(body.append("{% endif %}")),
                "handles more than 268435456 characters");
    }

    @Test
    void deepVariablesAreRefused() {
        Object value = "x";
        for (int i = 0; i < 100_000; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("a", value);
        }
        Map<String, Object> variables = Map.of("messages", value);
        assertThatThrownBy(() -> ChatTemplate.parse("").render(variables))
                .isInstanceOf(TextException.class)
                .hasMessage("template variable messages: nested deeper than 200");
    }

    private static String reason(String source, TemplateLimits limits) {
        ChatTemplate template = ChatTemplate.parse(source);
        TemplateException failure =
                catchThrowableOfType(
                        TemplateException.class,
                        () -> template.render(Map.of(), limits, Cases.CLOCK));
        return failure == null ? "none" : failure.reason();
    }

    @Test
    void everyLimitCanBeSet() {
        String source = "{% for i in range(10) %}{{ [i, i] }}{% endfor %}";
        assertThat(reason(source, new TemplateLimits(1000, 600, 1000, 10_000))).isEqualTo("none");
        assertThat(reason(source, new TemplateLimits(20, 600, 1000, 10_000)))
                .isEqualTo("the template takes more than 20 steps");
        assertThat(reason(source, new TemplateLimits(1000, 3, 1000, 10_000)))
                .isEqualTo("the template nests more than 3 levels");
        assertThat(reason(source, new TemplateLimits(1000, 600, 20, 10_000)))
                .isEqualTo("a string of 24 characters is longer than 20");
        assertThat(reason(source, new TemplateLimits(1000, 600, 1000, 100)))
                .isEqualTo("the template handles more than 100 characters");
    }

    @Test
    void limitsMustBePositive() {
        assertThatThrownBy(() -> new TemplateLimits(0, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "template limits must be positive, found steps 0, depth 1, text 1, work 1");
    }
}
