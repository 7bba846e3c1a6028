"""Who may use which address and take which step: written down apart from the code, which has to say the same.

A new address or step is entered here by hand, by somebody who thought about who needs it (K-27 to K-37).
"""

ADDRESSES = {
    "everyone": """
        healthz
        metrics
        konto/anmelden/
        konto/abmelden/
        konto/anmelden/code/
        konto/anmelden/ueber/<slug:provider_id>/
        konto/anmelden/ueber/<slug:provider_id>/zurueck/
        /
        evaluation/
        evaluation/<slug:slug>/
        evaluation/<slug:slug>/evaluation.pdf
        evaluation/<slug:slug>/daten.csv
        evaluation/<slug:slug>/daten.json
        beitraege/
        beitraege/feed.atom
        beitraege/<slug:public_id>/
        beitraege/<slug:public_id>/bild-<int:number>/
        beitraege/<slug:public_id>/untertitel-<int:number>.vtt
        nutzungskonzept/
        nutzungskonzept/<slug:stand>/
        kanaele/
        impressum/
        datenschutz/
        netiquette/
        barrierefreiheit/
        kontakt/
        konto/einladung/<str:key>/<str:token>/
        redaktion/plan/abo/<slug:key>.ics
        einwilligung-widerrufen/
    """,
    "proe gf fach admin dsb": """
        konto/bestaetigen/
        konto/bestaetigen/code/
        konto/bestaetigen/passkey/
        konto/bestaetigen/haus/
        konto/bestaetigen/haus/zurueck/
        konto/zweiter-faktor/
        konto/zweiter-faktor/app/
        konto/zweiter-faktor/app/entfernen/
        konto/zweiter-faktor/ersatzcodes/
        konto/zweiter-faktor/ersatzcodes/neu/
        konto/zweiter-faktor/passkeys/
        konto/zweiter-faktor/passkeys/neu/
        konto/zweiter-faktor/passkeys/<int:pk>/entfernen/
        konto/
        konto/mails/
        konto/passwort/
        redaktion/
        redaktion/mitteilungen/
        redaktion/mitteilungen/gelesen/
        redaktion/mitteilungen/<int:pk>/
        redaktion/ideen/
        redaktion/betrieb/
    """,
    "dsb": """
        redaktion/protokoll/liste.csv
    """,
    "proe dsb": """
        redaktion/protokoll/
    """,
    "proe gf": """
        redaktion/zugaenge/neu/
        redaktion/zugaenge/<int:pk>/schritt/<slug:step>/
        redaktion/auswertung/
        redaktion/auswertung/laufend/
        redaktion/auswertung/laufend/daten.csv
        redaktion/auswertung/<slug:slug>/
        redaktion/auswertung/<slug:slug>/daten.csv
        redaktion/plan/verschieben/
        redaktion/plan/zuruecknehmen/
        redaktion/beitraege/neu/
        redaktion/beitraege/bausteine/
        redaktion/beitraege/pruefen/
        redaktion/beitraege/auswahl/
        redaktion/beitraege/<int:pk>/bearbeiten/
        redaktion/beitraege/<int:pk>/fassungen/
        redaktion/beitraege/<int:pk>/fassungen/<int:number>/aufnehmen/
        redaktion/beitraege/<int:pk>/kopieren/
        redaktion/beitraege/<int:pk>/verschieben/
        redaktion/beitraege/<int:pk>/schritt/<slug:step>/
        redaktion/beitraege/<int:pk>/richtigstellung/
        redaktion/beitraege/<int:pk>/fachberatung/
        redaktion/beitraege/<int:pk>/links/
        redaktion/links/
        redaktion/links/<int:pk>/
        redaktion/links/<int:pk>/pruefen/
        redaktion/fachberatung/<int:pk>/schritt/<slug:step>/
        redaktion/freigaben/
        redaktion/freigaben/<int:pk>/
        redaktion/freigaben/<int:pk>/gelesen/
        redaktion/freigaben/<int:pk>/<slug:step>/
        redaktion/klaerung/
        redaktion/klaerung/von-hand/
        redaktion/klaerung/von-hand/<int:pk>/
        redaktion/klaerung/von-hand/<int:pk>/geloescht/
        redaktion/klaerung/<int:pk>/schritt/<slug:step>/
        redaktion/medien/
        redaktion/medien/uebersicht/
        redaktion/medien/video/
        redaktion/medien/<int:pk>/
        redaktion/regeln/aenderungen/<int:pk>/
        redaktion/beobachtung/
        redaktion/beobachtung/liste.csv
        redaktion/beobachtung/<int:pk>/
        redaktion/register/termine/
        redaktion/register/termine/liste.csv
        redaktion/register/termine/<int:pk>/
        redaktion/register/schulungen/
        redaktion/register/schulungen/liste.csv
        redaktion/register/schulungen/<int:pk>/
        redaktion/register/mitbestimmung/
        redaktion/register/mitbestimmung/liste.csv
        redaktion/register/mitbestimmung/<int:pk>/
    """,
    "proe": """
        redaktion/auswertung/erstellen/
        redaktion/auswertung/zahlen/
        redaktion/auswertung/zahlen/kanal/
        redaktion/auswertung/zahlen/datei/
        redaktion/auswertung/zahlen/<int:pk>/
        redaktion/auswertung/<slug:slug>/kommentar/
        redaktion/einstellungen/listen/<slug:name>/<int:pk>/
        redaktion/einstellungen/texte/<slug:slug>/vorschau/
        redaktion/einwilligungen/neu/
        redaktion/einwilligungen/<int:pk>/bearbeiten/
        redaktion/einwilligungen/<int:pk>/person/
        redaktion/einwilligungen/formblatt/<slug:kind>.pdf
        redaktion/einwilligungen/<int:pk>/formblatt/<slug:kind>/
        redaktion/einwilligungen/<int:pk>/auskunft/
        redaktion/einwilligungen/<int:pk>/widerruf/
        redaktion/einwilligungen/<int:pk>/formular/
        redaktion/einwilligungen/<int:pk>/formular/<int:scan>/
        redaktion/einwilligungen/<int:pk>/schritt/<slug:step>/
        redaktion/einwilligungen/faelle/<int:pk>/
        redaktion/einwilligungen/entfernt/<int:pk>/
        redaktion/beobachtung/<int:pk>/idee/
        redaktion/beobachtung/neu/
        redaktion/beobachtung/<int:pk>/archiv/
        redaktion/netzwerk/neu/
        redaktion/netzwerk/<int:pk>/archiv/
        redaktion/register/unternehmen/neu/
        redaktion/register/unternehmen/<int:pk>/archiv/
        redaktion/register/serviceangebote/neu/
        redaktion/register/serviceangebote/<int:pk>/archiv/
        redaktion/veranstaltungen/neu/
        redaktion/veranstaltungen/<int:pk>/archiv/
        redaktion/register/termine/neu/
        redaktion/register/termine/<int:pk>/archiv/
        redaktion/register/lesetipps/neu/
        redaktion/register/lesetipps/<int:pk>/archiv/
        redaktion/register/fachbeitraege/neu/
        redaktion/register/fachbeitraege/<int:pk>/archiv/
        redaktion/medienspiegel/neu/
        redaktion/medienspiegel/<int:pk>/archiv/
        redaktion/register/aufgaben/neu/
        redaktion/register/aufgaben/<int:pk>/archiv/
        redaktion/register/schulungen/neu/
        redaktion/register/schulungen/<int:pk>/archiv/
        redaktion/register/mitbestimmung/neu/
        redaktion/register/mitbestimmung/<int:pk>/archiv/
    """,
    "gf": """
        redaktion/zugaenge/pruefung/
        redaktion/auswertung/<slug:slug>/veroeffentlichen/
        redaktion/auswertung/<slug:slug>/berichtigen/
        redaktion/register/termine/<int:pk>/freigabe/
    """,
    "proe gf fach": """
        konto/kalender/
        redaktion/plan/
        redaktion/plan.ics
        redaktion/plan.csv
        redaktion/beitraege/
        redaktion/beitraege.csv
        redaktion/beitraege/ansichten/
        redaktion/beitraege/<int:pk>/
        redaktion/fachberatung/
        redaktion/medien/<int:pk>/datei/
        redaktion/medien/<int:pk>/untertitel.vtt
        redaktion/register/
        redaktion/netzwerk/
        redaktion/netzwerk/liste.csv
        redaktion/netzwerk/<int:pk>/
        redaktion/register/unternehmen/
        redaktion/register/unternehmen/liste.csv
        redaktion/register/unternehmen/<int:pk>/
        redaktion/register/serviceangebote/
        redaktion/register/serviceangebote/liste.csv
        redaktion/register/serviceangebote/<int:pk>/
        redaktion/veranstaltungen/
        redaktion/veranstaltungen/liste.csv
        redaktion/veranstaltungen/<int:pk>/
        redaktion/register/lesetipps/
        redaktion/register/lesetipps/liste.csv
        redaktion/register/lesetipps/<int:pk>/
        redaktion/register/fachbeitraege/
        redaktion/register/fachbeitraege/liste.csv
        redaktion/register/fachbeitraege/<int:pk>/
        redaktion/medienspiegel/
        redaktion/medienspiegel/liste.csv
        redaktion/medienspiegel/<int:pk>/
        redaktion/register/aufgaben/
        redaktion/register/aufgaben/liste.csv
        redaktion/register/aufgaben/<int:pk>/
    """,
    "proe admin": """
        redaktion/kanal/<slug:slug>/wieder-senden/
    """,
    "fach": """
        redaktion/fachberatung/<int:pk>/
    """,
    "admin": """
        redaktion/konten/
        redaktion/konten/neu/
        redaktion/konten/<int:pk>/
        redaktion/konten/<int:pk>/schritt/<slug:step>/
    """,
    "proe gf admin": """
        redaktion/betrieb/abgleich/
        redaktion/betrieb/sendepause/
        redaktion/betrieb/sendepause/beenden/
        redaktion/regeln/
        redaktion/regeln/<slug:name>/
        redaktion/einstellungen/
        redaktion/einstellungen/listen/<slug:name>/
        redaktion/einstellungen/themen/
        redaktion/einstellungen/themen/<slug:slug>/
        redaktion/einstellungen/texte/<slug:slug>/
        redaktion/einstellungen/texte/<slug:slug>/<int:number>/
        redaktion/einstellungen/kanaele/<slug:slug>/
        redaktion/einstellungen/kanaele/<slug:slug>/senden/
    """,
    "proe gf dsb": """
        redaktion/zugaenge/
        redaktion/zugaenge/liste.csv
        redaktion/zugaenge/<int:pk>/
        redaktion/einwilligungen/
        redaktion/einwilligungen/<int:pk>/
    """,
}
# No role: the system alone.
STEPS = {
    "post edit": "proe gf",
    "post set_aside": "proe gf",
    "post submit": "proe gf",
    "post endorse": "gf",
    "post approve": "gf",
    "post approve_express": "proe",
    "post post_check": "gf",
    "post request_changes": "gf",
    "post reject": "gf",
    "post withdraw": "proe",
    "post schedule": "proe gf",
    "post reschedule": "proe gf",
    "post hold": "proe gf",
    "post send_now": "proe gf",
    "post order_takedown": "proe gf",
    "delivery claim": "",
    "delivery confirm": "",
    "delivery release": "",
    "delivery retry": "",
    "delivery lose_sight": "",
    "delivery hand_over": "",
    "delivery block": "",
    "delivery miss": "",
    "delivery cancel": "",
    "delivery bring_forward": "",
    "delivery take_down": "",
    "delivery confirm_takedown": "",
    "delivery notice": "",
    "delivery declare_online": "proe gf",
    "delivery ask_resend": "proe gf",
    "delivery confirm_resend": "proe gf",
    "delivery discard": "proe gf",
    "delivery post_by_hand": "proe gf",
    "consultation answer": "fach",
    "consultation lapse": "",
    "consultation go_on": "proe gf",
    "consultation withdraw_question": "proe",
    "consultation take_over": "proe gf",
    "consent put_in_force": "proe",
    "consent narrow": "proe",
    "consent revoke": "proe",
    "consent run_out": "",
    "consent erase": "proe",
    "consent revoke_again": "",
    "consent erase_again": "",
}
