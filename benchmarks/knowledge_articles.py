"""Help articles of a shop with questions in other words, and questions that have no answer."""

# ruff: noqa: E501  (an article a line)

from typing import Final

Articles = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Title, text, questions."""

ENGLISH: Final[Articles] = (
    ("Delivery times", "Orders leave our warehouse within two working days. Domestic parcels arrive three days later.", ("How long until my stuff shows up?", "when will the postman bring it", "I bought something on Monday, do I have it by the weekend?")),
    ("Shipping abroad", "We send to every country of the European Union, Norway and Switzerland. Customs duties are paid by the recipient.", ("can you mail things overseas", "do I owe import tax", "I live in Oslo, is that a problem?")),
    ("Shipping costs", "Standard delivery is 4.90 euros. From 60 euros of goods on it is free.", ("what do you charge for postage", "how much must I spend so that sending costs nothing")),
    ("Express service", "Orders placed before noon with the express option reach you on the next working day for 12 euros.", ("I'm in a hurry, what's the fastest way", "can it be here tomorrow", "overnight courier price")),
    ("Tracking a parcel", "The dispatch e-mail holds a number and a link that shows where your parcel is.", ("where is my order right now", "how do I follow the package on its way", "see the current location of my shipment")),
    ("Lost parcels", "If nothing has arrived after ten days, we open an investigation with the carrier and send a replacement.", ("my box never came", "the shipment vanished, what now", "the mail company misplaced what I bought")),
    ("Damaged goods", "Photograph the broken item and the carton, and write to us within a week. You get a new one at no charge.", ("it was smashed when I opened it", "the vase has a crack from transport", "item turned up in pieces")),
    ("Returns", "You may send goods back within 30 days of receipt, unused and in the original packaging.", ("I changed my mind about a purchase", "how long can I hand something back", "I don't like it, can you take it again")),
    ("Refunds", "We pay the money back to the card or account it came from, within five days of receiving the goods.", ("when do I get reimbursed", "how will I see my cash again", "which way is the amount credited")),
    ("Exchanges", "To swap a size or colour, choose the new variant in the return form; we send it once the old one is here.", ("the shoes are too small, I'd like larger ones", "can I have it in blue instead")),
    ("Return label", "Print the prepaid label from your account under Orders, and hand the parcel in at any post office.", ("who pays when I ship it back", "where is the sticker for sending things back", "do I need to buy stamps to give it back")),
    ("Payment methods", "We take Visa, Mastercard, PayPal, bank transfer and invoice.", ("can I use my credit card", "which ways to settle the bill are there", "do you accept Amex alternatives")),
    ("Paying by invoice", "The bill is due 14 days after delivery. Companies may ask for 30 days.", ("can I pay later", "what's the deadline for settling what I owe", "buy now and transfer afterwards")),
    ("Instalments", "Purchases over 200 euros can be split into six monthly rates without interest.", ("spread the cost over half a year", "I can't afford it all at once", "is there financing")),
    ("Failed payments", "When your bank refuses a charge, the order stays open for 48 hours so that you can choose another method.", ("my card was declined", "the transaction did not go through", "checkout says error with my bank")),
    ("Gift cards", "Vouchers are sold from 10 to 250 euros, arrive by e-mail at once and stay valid for three years.", ("I want to give a friend credit for your shop", "when does my voucher expire", "present for a birthday, they choose themselves")),
    ("Discount codes", "Enter the code in the basket before paying. Only one can be used for an order.", ("where do I type in my coupon", "can I combine two promotions", "my promo isn't applied")),
    ("Student discount", "Students save ten percent after proving their status with a university e-mail address.", ("I'm at college, is it cheaper for me", "reduction for people in education")),
    ("Creating an account", "Press Register, give your e-mail and a password, and confirm the link that we send.", ("how do I sign up", "become a member", "I'm new here and want a login")),
    ("Forgotten password", "Choose Reset on the sign-in page; a link arrives that is valid for one hour.", ("I can't log in any more", "lost my credentials", "I don't remember the secret word")),
    ("Changing your address", "Edit it in your profile under Addresses. Orders that have left cannot be redirected.", ("I'm moving house", "I gave the wrong street", "ship it to a different place than before")),
    ("Deleting your account", "Ask for erasure in the privacy settings. All personal data are gone after 30 days, invoices after ten years.", ("remove me from your system", "I want to close my profile for good", "forget everything you know about me")),
    ("Newsletter", "Every issue has a link at the bottom that stops it at once.", ("stop sending me marketing mail", "how to unsubscribe", "too many ads in my inbox")),
    ("Cancelling an order", "Until it is packed, an order can be cancelled under Orders. After that, refuse the parcel or send it back.", ("I ordered by mistake", "undo a purchase", "call off what I just bought")),
    ("Changing an order", "Quantities can be altered for one hour after ordering by answering the confirmation e-mail.", ("I want three rather than two", "add another piece to something I've already purchased")),
    ("Invoices", "Your invoice is a PDF under Orders. We can add a VAT number before dispatch.", ("I need a receipt for my accountant", "paperwork for the tax office", "put my company's details on the document")),
    ("Warranty", "All lamps are covered for five years against defects of material. Bulbs are excluded.", ("the light stopped working after two years", "how long is it guaranteed", "are burnt-out bulbs replaced for free")),
    ("Repairs", "Send the device to our workshop; an estimate is made free of charge and repairs take two weeks.", ("can you fix it", "my gadget is out of order, will someone mend it", "what does a technician's quote cost")),
    ("Spare parts", "Shades, cables and switches of all models are kept for ten years after they were last sold.", ("I need a new cord for an old model", "do you sell components", "replacement for a broken shade")),
    ("Assembly", "Each box holds a manual and all screws; you need a Phillips screwdriver. A film on the product page shows each step.", ("how do I put it together", "what tools are necessary", "is there a video guide for building it")),
    ("Care and cleaning", "Wipe with a dry cloth. Never use solvents on varnished wood.", ("how do I get rid of dust", "can I wash it with chemicals", "stains on the surface")),
    ("Shops and opening hours", "Our stores in Berlin and Hamburg are open Monday to Saturday from 10 to 19.", ("can I visit you in person", "are you closed on Sundays", "until what time can I come by")),
    ("Collecting in a shop", "Choose Collect at the checkout; we keep the goods at the counter for seven days.", ("pick up instead of delivery", "how long do you hold my purchase for me to fetch")),
    ("Customer service", "Call +49 30 5550 on weekdays from 8 to 18, or use the chat.", ("I want to talk to a human", "your phone number please", "how can I reach somebody")),
    ("Business customers", "Companies get net prices and a contact person from an annual turnover of 5,000 euros on.", ("we're a firm and want wholesale", "corporate conditions", "prices without VAT for our office")),
    ("Recycling old lamps", "Hand in used lamps free of charge at our stores, or at your town's collection point.", ("how do I get rid of an old one responsibly", "where to throw away electronic waste", "environment-friendly disposal")),
    ("Product reviews", "Buyers may rate an article four weeks after delivery; we publish criticism as well.", ("can I leave feedback on what I bought", "are the stars genuine", "where do I write my opinion")),
)  # fmt: skip

GERMAN: Final[Articles] = (
    ("Lieferzeit", "Bestellungen verlassen unser Lager innerhalb von zwei Werktagen. Pakete im Inland sind drei Tage später da.", ("Wie lange dauern Lieferungen?", "Wann kommt mein Paket an?")),
    ("Rückgabe", "Sie können Waren innerhalb von 30 Tagen zurückschicken, unbenutzt und in der Originalverpackung.", ("Bis wann darf ich eine Ware zurückgeben?", "Ich möchte etwas zurückschicken.")),
    ("Erstattung", "Das Geld erhalten Sie binnen fünf Tagen auf dem Konto zurück, von dem es kam.", ("Wann bekomme ich mein Geld?", "Auf welches Konto wird erstattet?")),
    ("Zahlungsarten", "Wir nehmen Kreditkarten, PayPal, Überweisung und Rechnung an.", ("Kann ich mit Kreditkarte bezahlen?", "Welche Zahlungen nehmt ihr?")),
    ("Passwort vergessen", "Wählen Sie auf der Anmeldeseite Zurücksetzen; der Link gilt eine Stunde.", ("Ich habe meine Passwörter vergessen.", "Der Link zum Anmelden geht nicht mehr")),
    ("Garantie", "Auf alle Lampen geben wir fünf Jahre Garantie. Glühbirnen sind ausgenommen.", ("Meine Lampe ist nach zwei Jahren kaputt", "Ist eine Glühbirne abgedeckt?")),
    ("Filialen", "Unsere Läden in Berlin und Hamburg sind montags bis samstags von 10 bis 19 Uhr geöffnet.", ("Habt ihr einen Laden in Hamburg?", "Wann öffnet die Filiale?")),
    ("Gutscheine", "Gutscheine gibt es von 10 bis 250 Euro; sie gelten drei Jahre.", ("Wie lange gilt mein Gutschein?", "Geschenk für einen Freund")),
    ("Stornierung", "Bis zum Packen kann eine Bestellung unter Bestellungen storniert werden.", ("Ich will meine Bestellung stornieren", "Kauf rückgängig machen")),
    ("Reparatur", "Schicken Sie das Gerät an unsere Werkstatt; der Kostenvoranschlag ist kostenlos.", ("Könnt ihr mein Gerät reparieren?", "Was kostet die Werkstatt?")),
)  # fmt: skip

SPANISH: Final[Articles] = (
    ("Plazo de entrega", "Los pedidos salen del almacén en dos días laborables. Los paquetes nacionales llegan tres días después.", ("¿Cuándo llega mi paquete?", "¿Cuánto tarda un pedido?")),
    ("Devoluciones", "Puede devolver los artículos en 30 días, sin usar y en su embalaje original.", ("Quiero devolver un artículo", "¿Hasta cuándo se admite una devolución?")),
    ("Reembolso", "Recibirá el dinero en cinco días en la cuenta de la que vino.", ("¿Cuándo me reembolsan?", "¿A qué cuenta va el dinero?")),
    ("Formas de pago", "Aceptamos tarjeta de crédito, PayPal, transferencia y factura.", ("¿Puedo pagar con tarjetas?", "¿Aceptan transferencias?")),
    ("Contraseña olvidada", "Elija Restablecer en la página de acceso; el enlace vale una hora.", ("He olvidado mi contraseña", "El enlace de acceso no funciona")),
    ("Garantía", "Todas las lámparas tienen cinco años de garantía. Las bombillas no están incluidas.", ("Mi lámpara se rompió a los dos años", "¿Incluye la garantía una bombilla?")),
    ("Tiendas", "Nuestras tiendas de Madrid y Sevilla abren de lunes a sábado de 10 a 19.", ("¿Tienen una tienda en Sevilla?", "¿A qué hora abren?")),
    ("Vales de regalo", "Hay vales de 10 a 250 euros; son válidos tres años.", ("¿Cuántos años vale mi vale?", "Un regalo para una amiga")),
    ("Cancelar un pedido", "Hasta que se embale, un pedido puede cancelarse en Pedidos.", ("Quiero cancelar mis pedidos", "Anular una compra")),
    ("Reparaciones", "Envíe el aparato a nuestro taller; el presupuesto es gratuito.", ("¿Pueden reparar mi aparato?", "¿Cuánto cuesta el presupuesto?")),
)  # fmt: skip

UNANSWERABLE: Final = (
    "Do you take bitcoin?", "What is the capital of Australia?", "Are you hiring developers?", "Can I rent a car from you?",
    "Which vaccine do I need for Kenya?", "Do your lamps work with Zigbee?", "Who won the football match last night?",
    "Is the company listed on the stock exchange?", "How do I bake sourdough bread?", "Do you have vegan leather?",
    "Can my dog travel on the train?", "What's the weather like in Hamburg?", "Does the lamp have a USB port?",
    "Can you translate this letter into French?", "How do I renew my passport?", "Tell me a joke about penguins",
)  # fmt: skip
