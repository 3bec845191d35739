"""What chat pages say by themselves, in the languages of the widget: nobody answers just now, and nothing is here."""

from collections.abc import Mapping
from typing import Final

FROM_RIGHT: Final = frozenset(("ar", "he"))

Said = tuple[str, str]

WORDS: Final[Mapping[str, Mapping[str, Said]]] = {
    "ar": {
        "paused": ("هذه المحادثة متوقفة مؤقتًا", "لا أحد يجيب هنا الآن. عُد لاحقًا."),
        "missing": ("لا توجد محادثة هنا", "تحقق من العنوان، أو اطلب رابطًا جديدًا ممن أرسله إليك."),
    },
    "de": {
        "paused": ("Dieser Chat pausiert", "Hier antwortet gerade niemand. Komm später wieder."),
        "missing": ("Hier ist kein Chat", "Prüfe die Adresse, oder frag nach einem neuen Link."),
    },
    "en": {
        "paused": ("This chat is paused", "Nobody answers here just now. Come back later."),
        "missing": ("There is no chat here", "Check the address, or ask whoever sent it for a new link."),
    },
    "es": {
        "paused": ("Este chat está en pausa", "Ahora mismo nadie responde aquí. Vuelve más tarde."),
        "missing": ("Aquí no hay ningún chat", "Comprueba la dirección o pide un enlace nuevo a quien te la envió."),
    },
    "fr": {
        "paused": ("Ce chat est en pause", "Personne ne répond ici pour le moment. Revenez plus tard."),
        "missing": ("Il n’y a pas de chat ici", "Vérifiez l’adresse, ou demandez un nouveau lien."),
    },
    "he": {
        "paused": ("הצ׳אט הזה מושהה", "אף אחד לא עונה כאן כרגע. כדאי לחזור מאוחר יותר."),
        "missing": ("אין כאן צ׳אט", "כדאי לבדוק את הכתובת, או לבקש קישור חדש."),
    },
    "hi": {
        "paused": ("यह चैट रुकी हुई है", "अभी यहाँ कोई जवाब नहीं दे रहा है। बाद में वापस आएँ।"),
        "missing": ("यहाँ कोई चैट नहीं है", "पता जाँचें, या भेजने वाले से नया लिंक माँगें।"),
    },
    "it": {
        "paused": ("Questa chat è in pausa", "Al momento qui non risponde nessuno. Torna più tardi."),
        "missing": ("Qui non c’è nessuna chat", "Controlla l’indirizzo, o chiedi un nuovo link."),
    },
    "ja": {
        "paused": ("このチャットは一時停止中です", "現在、ここでは応答していません。後ほどお越しください。"),
        "missing": ("ここにチャットはありません", "アドレスを確認するか、新しいリンクを送ってもらってください。"),
    },
    "ko": {
        "paused": ("이 채팅은 일시 중지되었습니다", "지금은 아무도 답하지 않습니다. 나중에 다시 방문하세요."),
        "missing": ("여기에는 채팅이 없습니다", "주소를 확인하거나 새 링크를 요청하세요."),
    },
    "nl": {
        "paused": ("Deze chat is gepauzeerd", "Op dit moment antwoordt hier niemand. Kom later terug."),
        "missing": ("Hier is geen chat", "Controleer het adres, of vraag om een nieuwe link."),
    },
    "pl": {
        "paused": ("Ten czat jest wstrzymany", "Teraz nikt tu nie odpowiada. Wróć później."),
        "missing": ("Nie ma tu czatu", "Sprawdź adres albo poproś o nowy link."),
    },
    "pt": {
        "paused": ("Este chat está em pausa", "Ninguém responde aqui neste momento. Volte mais tarde."),
        "missing": ("Não há nenhum chat aqui", "Verifique o endereço, ou peça um novo link."),
    },
    "tr": {
        "paused": ("Bu sohbet duraklatıldı", "Şu anda burada kimse yanıt vermiyor. Daha sonra tekrar gelin."),
        "missing": ("Burada sohbet yok", "Adresi kontrol edin ya da yeni bir bağlantı isteyin."),
    },
    "zh": {
        "paused": ("此聊天已暂停", "目前无人应答，请稍后再来。"),
        "missing": ("这里没有聊天", "请检查地址，或索取新的链接。"),
    },
}
