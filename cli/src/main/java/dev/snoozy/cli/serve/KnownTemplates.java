package dev.snoozy.cli.serve;

import dev.snoozy.cli.WrongUseException;

import java.util.Map;
import java.util.TreeMap;

/**
 * Chat templates of families that many models follow, by the names that users of other servers
 * type. Written here after the formats that the families document; the engine adds the token for
 * the beginning of a text.
 */
final class KnownTemplates {
    private static final String ASK = "{% if add_generation_prompt %}";

    private static final Map<String, String> TEXTS =
            new TreeMap<>(
                    Map.of(
                            "chatml",
                            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content"
                                    + " + '<|im_end|>\\n' }}{% endfor %}"
                                    + ASK
                                    + "{{ '<|im_start|>assistant\\n' }}{% endif %}",
                            "llama2",
                            "{% set ns = namespace(system='') %}{% for m in messages %}"
                                    + "{% if m.role == 'system' %}"
                                    + "{% set ns.system = '<<SYS>>\\n' + m.content"
                                    + " + '\\n<</SYS>>\\n\\n' %}{% elif m.role == 'user' %}"
                                    + "{{ bos_token + '[INST] ' + ns.system + m.content"
                                    + " + ' [/INST]' }}{% set ns.system = '' %}"
                                    + "{% else %}{{ ' ' + m.content + ' ' + eos_token }}"
                                    + "{% endif %}{% endfor %}",
                            "llama3",
                            "{% for m in messages %}{{ '<|start_header_id|>' + m.role"
                                    + " + '<|end_header_id|>\\n\\n' + m.content | trim"
                                    + " + '<|eot_id|>' }}{% endfor %}"
                                    + ASK
                                    + "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}"
                                    + "{% endif %}",
                            "gemma",
                            "{% set ns = namespace(system='') %}{% for m in messages %}"
                                    + "{% if m.role == 'system' %}"
                                    + "{% set ns.system = m.content | trim + '\\n\\n' %}{% else %}"
                                    + "{{ '<start_of_turn>'"
                                    + " + ('model' if m.role == 'assistant' else m.role)"
                                    + " + '\\n' + ns.system + m.content | trim"
                                    + " + '<end_of_turn>\\n' }}{% set ns.system = '' %}"
                                    + "{% endif %}{% endfor %}"
                                    + ASK
                                    + "{{ '<start_of_turn>model\\n' }}{% endif %}",
                            "mistral",
                            "{% set ns = namespace(system='') %}{% for m in messages %}"
                                    + "{% if m.role == 'system' %}"
                                    + "{% set ns.system = m.content + '\\n\\n' %}"
                                    + "{% elif m.role == 'user' %}"
                                    + "{{ '[INST] ' + ns.system + m.content + ' [/INST]' }}"
                                    + "{% set ns.system = '' %}"
                                    + "{% else %}{{ ' ' + m.content + eos_token }}{% endif %}"
                                    + "{% endfor %}",
                            "phi3",
                            "{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content"
                                    + " + '<|end|>\\n' }}{% endfor %}"
                                    + ASK
                                    + "{{ '<|assistant|>\\n' }}{% endif %}",
                            "zephyr",
                            "{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content"
                                    + " + eos_token + '\\n' }}{% endfor %}"
                                    + ASK
                                    + "{{ '<|assistant|>\\n' }}{% endif %}"));

    private KnownTemplates() {}

    /**
     * The template of a name, or the text itself if it is more than a word.
     *
     * @throws WrongUseException if it is a word and no known name
     */
    static String text(String given) {
        String known = TEXTS.get(given);
        if (known != null) {
            return known;
        }
        if (given.matches("[A-Za-z0-9_.-]*")) {
            throw new WrongUseException(
                    "--chat-template: expected the text of a template or one of "
                            + String.join(", ", TEXTS.keySet())
                            + ", found "
                            + given);
        }
        return given;
    }
}
