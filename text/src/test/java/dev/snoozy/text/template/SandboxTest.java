package dev.snoozy.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

/** A template reaches neither Java nor what Jinja's sandbox hides. */
class SandboxTest {
    private static final Map<String, Object> VARIABLES =
            Map.of(
                    "messages",
                    List.of(Map.of("role", "user", "content", "Hello", "_hidden", "here")),
                    "number",
                    7,
                    "fraction",
                    1.5);

    private static String render(String source) {
        return ChatTemplate.parse(source).render(VARIABLES);
    }

    private static TemplateException.Kind failure(String source) {
        TemplateException failure =
                catchThrowableOfType(TemplateException.class, () -> render(source));
        assertThat(failure).as(source).isNotNull();
        assertThat(failure.getMessage()).doesNotContain("java.", "dev.snoozy");
        return failure.kind();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''.__class__.__mro__",
                "''['__class__'].x",
                "('' | attr('__class__')).x",
                "[].__class__.__base__.__subclasses__()",
                "{}.__init__.__globals__",
                "range.__call__.__globals__",
                "raise_exception.__globals__.x",
                "strftime_now.__globals__['sys']",
                "cycler.__init__.__globals__",
                "joiner.__init__.__globals__",
                "namespace.__class__.x",
                "namespace(a=1).__class__.x",
                "number.__class__.x",
                "fraction.__class__()",
                "nothing.__class__.x",
                "messages.append(1)",
                "messages.clear()",
                "messages[0].update({'role': 'system'})",
                "messages[0].pop('role')",
                "messages[0].setdefault('x', 1)",
                "messages.sort()",
                "'{0.__class__.__mro__}'.format('')",
                "'{0.__class__.x}'.format(messages)",
                "'{a.__class__.x}'.format_map({'a': 1})",
                "('{0.__class__.x}' | safe).format(1)",
                "(messages | map(attribute='__class__') | list)[0].x",
            })
    void internalsAreUnsafe(String expression) {
        assertThat(failure("{{ " + expression + " }}")).isEqualTo(TemplateException.Kind.SECURITY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''.getClass()",
                "''.getBytes()",
                "''.class.forName('java.lang.Runtime')",
                "''.length()",
                "''.chars()",
                "messages.getClass()",
                "messages.stream()",
                "messages.size()",
                "messages[0].entrySet()",
                "number.longValue()",
                "number.TYPE.getName()",
                "range.call()",
                "namespace().attributes()",
                "self._TemplateReference__context.x",
                "config.items()",
                "request.application",
                "lipsum.__globals__.os.popen('id').read()",
                "get_flashed_messages()",
                "T(java.lang.Runtime).getRuntime()",
                "java.lang.Runtime",
            })
    void nothingOfJavaIsThere(String expression) {
        assertThat(failure("{{ " + expression + " }}"))
                .isIn(
                        TemplateException.Kind.UNDEFINED,
                        TemplateException.Kind.SECURITY,
                        TemplateException.Kind.RUNTIME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''.__class__",
                "''.getClass",
                "'' | attr('__class__')",
                "messages['__class__']",
                "messages[0].getOrDefault",
                "number.intValue",
                "range.method",
                "namespace(a=1)._a",
            })
    void whatIsHiddenPrintsAsNothing(String expression) {
        assertThat(render("[{{ (" + expression + ") }}]")).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% include 'x' %}",
                "{% include '/etc/passwd' %}",
                "{% import 'x' as y %}",
                "{% from 'x' import y %}",
                "{% extends 'x' %}",
                "{{ lipsum() }}",
                "{{ 'a.example' | urlize }}",
            })
    void otherFilesAndRandomTextAreRefused(String source) {
        assertThat(failure(source)).isEqualTo(TemplateException.Kind.RUNTIME);
    }

    @Test
    void keysThatBeginWithAnUnderscoreAreOrdinaryKeys() {
        assertThat(render("{{ messages[0]['_hidden'] }}{{ messages[0]._hidden }}"))
                .isEqualTo("herehere");
    }

    @Test
    void valuesOfTheCallerDoNotChange() {
        List<Object> list = new java.util.ArrayList<>(List.of(1, 2));
        Map<String, Object> map = new java.util.HashMap<>(Map.of("a", list));
        String source =
                "{% set ns = namespace(d=d) %}{% set ns.d = 1 %}{% set d = 2 %}{{ d }}"
                        + "{% for x in [1] %}{% set d = 3 %}{% endfor %}";
        assertThat(ChatTemplate.parse(source).render(Map.of("d", map))).isEqualTo("2");
        assertThat(map).isEqualTo(Map.of("a", List.of(1, 2)));
    }

    @Test
    void aRenderingLeavesNothingBehindForTheNext() {
        ChatTemplate template =
                ChatTemplate.parse(
                        "{{ x is defined }}{% set x = 1 %}{{ range is callable }}"
                                + "{% set range = 1 %}{% macro dict() %}{% endmacro %}");
        assertThat(template.render(Map.of())).isEqualTo("FalseTrue");
        assertThat(template.render(Map.of())).isEqualTo("FalseTrue");
        assertThat(render("{{ range(2) | list }}{{ dict(a=1) }}")).isEqualTo("[0, 1]{'a': 1}");
    }

    @Test
    void globalsMayBeShadowedByVariables() {
        assertThat(ChatTemplate.parse("{{ range }}").render(Map.of("range", "mine")))
                .isEqualTo("mine");
    }
}
