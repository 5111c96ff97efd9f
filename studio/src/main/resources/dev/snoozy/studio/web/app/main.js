import {language} from 'app/core/i18n.js';
import {settings} from 'app/core/settings.js';

import 'app/shell.js';

settings.show();
document.querySelector('sz-shell').begin(language.choose(settings.values.language ?? ''));
